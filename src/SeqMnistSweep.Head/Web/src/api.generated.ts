// What the head answers, written by PageTypesTests from the head's own types: do not edit.

export interface AskAnswer {
  sweep: string;
  state: string;
  trial: string | null;
  lease: string | null;
  attempt: number | null;
  parameters: Record<string, unknown> | null;
  seed: number | null;
  metric: string | null;
  goal: string | null;
  epoch: number | null;
  rungs: number[] | null;
  expires_in: number | null;
  retry_after: number | null;
}

export interface AttemptRow {
  trial: string;
  attempt: number;
  worker: string;
  device: string | null;
  granted: string;
  started: string | null;
  ended: string | null;
  outcome: string | null;
  cause: string | null;
}

export interface AuditRow {
  entry: number;
  time: string;
  who: string | null;
  role: string | null;
  address: string | null;
  action: string;
  target: string;
  outcome: string;
}

export interface BestSoFar {
  trial: number;
  value: number;
  seconds: number;
  done: number;
}

export interface CallerInfo {
  name: string;
  role: Role;
  head: string;
  insecure: boolean;
  serves: Served;
}

export interface CertificateAnswer {
  certificate: string;
  ca: string;
}

export interface CheckpointRow {
  trial: string;
  epoch: number;
  batch: number;
  digest: string;
  bytes: number;
  attempt: number;
  time: string;
  name: string | null;
}

export interface ConfirmPlan {
  top: number;
  seeds: number;
}

export interface Contour {
  x: ContourAxis;
  y: ContourAxis;
  values: (number | null)[];
  infeasible: number[];
  base: string;
  epoch: number | null;
  points: ContourPoint[];
}

export interface ContourAxis {
  name: string;
  low: number;
  high: number;
  logarithmic: boolean;
  at: number[];
}

export interface ContourPoint {
  number: number;
  x: number;
  y: number;
  value: number;
}

export interface Curve {
  trial: number;
  epochs: number[];
  values: (number | null)[];
}

export interface CurveDensity {
  metric: string;
  curves: number;
  of: number;
  low: number;
  high: number;
  rows: number;
  columns: DensityColumn[];
}

export interface DeleteReply {
  removed: boolean;
}

export interface DensityColumn {
  from: number;
  to: number;
  p10: number;
  median: number;
  p90: number;
  counts: number[];
}

export interface DeviceHealth {
  utilization: number | null;
  ecc_errors: number | null;
  needs_reset: boolean;
  xid: number | null;
  fault: string | null;
  fault_time: string | null;
}

export interface DeviceMemory {
  used: number;
  total: number;
}

export interface EditReply {
  extended: boolean;
  planned: number | null;
}

export interface EnqueuedTrials {
  trials: number[];
}

export interface ErrorAnswer {
  error: ErrorBody;
}

export interface ErrorBody {
  code: string;
  message: string;
  hint: string | null;
  position: number | null;
}

export interface Eta {
  seconds: number;
  spread: number;
  basis: string;
}

export interface EventRow {
  event: number;
  sweep: string;
  trial: string | null;
  kind: string;
  from_state: string | null;
  to_state: string | null;
  cause: string | null;
  reason: string;
  actor: string;
  attempt: number | null;
  time: string;
  said_by: string | null;
}

export interface FailureCount {
  cause: string;
  trials: number;
  example: string;
  message: string | null;
}

export interface FileFinding {
  code: string;
  severity: Severity;
  line: number;
  column: number;
  message: string;
  reason: string | null;
  help: string | null;
}

export interface FileFindings {
  findings: FileFinding[];
  more: number;
}

export interface FolderUse {
  files: number;
  bytes: number;
}

export interface GpuShare {
  capacity: number;
  most: number;
  free: number;
  trials: number;
  sweeps: SweepMemory[];
  free_elsewhere: number[];
}

export interface HeadInfo {
  version: string;
  protocol: number;
  cluster_id: string;
  service_id: string;
  http: string;
  silo: string | null;
  gateway: string | null;
  membership: string;
  head_epoch: number;
  time: string;
  pid: number;
  insecure: boolean;
}

export interface HealthAnswer {
  status: string;
}

export interface ImportReply {
  sweep: string;
  state: SweepState;
  trials: number;
  reports: number;
}

export interface ImportanceAnswer {
  configurations: number;
  unfinished: number;
  epoch: number | null;
  needed: number;
  enough: number;
  shares: ParameterImportance[];
  is_adaptive: boolean;
}

export interface InfeasiblePair {
  x: unknown;
  y: unknown;
  message: string;
}

export interface InfeasiblePairs {
  base: string;
  pairs: InfeasiblePair[];
}

export interface JoinAnswer {
  certificate: string;
  ca: string;
  worker_key: string;
}

export interface JoinLineAnswer {
  line: string;
  ends: string;
}

export interface LeaderboardRow {
  sweep: string;
  rank: number;
  trial: string;
  value: number | null;
  deviation: number | null;
  seeds: number;
  epoch: number | null;
  test_accuracy: number | null;
  params: string;
  configuration: number;
  planned_seeds: number;
  baseline: boolean;
  confirmed: boolean;
  low: number | null;
  high: number | null;
  searched: number | null;
  gap: number | null;
}

export interface LogChunk {
  attempt: number;
  worker: string;
  text: string;
  next: number;
  ended: boolean;
  reason: string | null;
  start: number;
}

export interface LoginCode {
  code: string;
  expires_in: number;
}

export interface MetricCurve {
  metric: string;
  epochs: number[];
  values: (number | null)[];
}

export interface MetricGoal {
  name: string;
  maximize: boolean;
  target: number | null;
}

export interface NewToken {
  token: string;
  info: TokenInfo;
}

export interface OutputFile {
  name: string;
  bytes: number;
  modified: string;
}

export interface ParameterImportance {
  name: string;
  share: number;
  low: number;
  high: number;
  is_noise: boolean;
}

export interface ParetoRow {
  sweep: string;
  trial: string;
  seeds: number;
  values: string;
  params: string;
  configuration: number;
}

export type QueryResult = { columns: string[]; rows: unknown[][]; more: boolean };

export interface ReportAnswer {
  trial: string;
  verdict: string;
  expires_in: number | null;
}

export interface ReportRow {
  trial: string;
  epoch: number;
  attempt: number;
  train_loss: number | null;
  train_accuracy: number | null;
  val_loss: number | null;
  val_accuracy: number | null;
  test_loss: number | null;
  test_accuracy: number | null;
  epoch_seconds: number | null;
  metrics: string;
  time: string;
}

export interface RetriedTrials {
  retried: number;
}

export interface RevokedTokens {
  revoked: number;
}

export type Role = "viewer" | "submitter" | "operator" | "admin";

export interface RungValues {
  metric: string;
  trials: number[];
  states: string[];
  epochs: number[];
  values: number[];
}

export interface RungWorth {
  epoch: number;
  reached: number;
  beyond: number;
  saved: number;
  compared: number;
  correlation: number | null;
  chance: number | null;
  found: string;
}

export interface RunningAttempt {
  trial: string;
  lease: number;
  progress: TrialProgress | null;
}

export interface RunningTrial {
  trial: TrialSummary;
  worker: string;
  attempt: number;
  progress: TrialProgress | null;
  curve: (number | null)[];
  waits: boolean;
}

export interface SamplePrediction {
  label: number;
  predicted: number;
  probability: number;
}

export type Served = "head" | "run" | "database";

export interface SettingDifference {
  key: string;
  values: string[];
}

export type Severity = "error" | "warning" | "note";

export interface SpaceAnswer {
  parameters: SpaceParameter[];
  metrics: MetricGoal[];
  holdout: boolean;
  baseline: boolean;
  early_terminate: boolean;
}

export interface SpaceParameter {
  name: string;
  varies: boolean;
  logarithmic: boolean;
  range: boolean;
  values: unknown[] | null;
}

export interface StatusEvent {
  number: number;
  trial: number | null;
  kind: string;
  to: string | null;
  text: string;
  time: string;
  is_routine: boolean;
}

export interface StepRow {
  step: number;
  attempt: number;
  metrics: string;
  time: string;
}

export interface SubmitReply {
  sweep: string;
  continued: boolean;
  state: SweepState;
  prior: string | null;
}

export interface SupersededReportRow {
  attempt: number;
  epoch: number;
  metrics: string;
  time: string;
}

export type SweepCause =
  | "begun"
  | "asked"
  | "finished"
  | "exhausted"
  | "target"
  | "stagnation"
  | "limit"
  | "no_trial_completed"
  | "nothing_to_try"
  | "max_failures"
  | "failed_alike"
  | "no_metric"
  | "method_failed"
  | "pruner_failed"
  | "internal_error";

export interface SweepComparison {
  sweeps: SweepRow[];
  settings: SettingDifference[];
}

export interface SweepMemory {
  sweep: string;
  bytes: number | null;
}

export interface SweepRow {
  sweep: string;
  name: string;
  state: string;
  method: string;
  metric: string;
  goal: string;
  infeasible: number;
  spec: string;
  created: string;
  started: string | null;
  finished: string | null;
  planned: number | null;
  priority: number;
  weight: number;
  slot_hours: number;
  seeds: number;
  cause: string | null;
  reason: string | null;
  digest: string;
  edits: string;
  submit_key: string | null;
  prior: string;
  title: string | null;
  description: string | null;
  tags: string;
  note: string | null;
  archived: string | null;
  trials: number;
  queued: number;
  running: number;
  paused: number;
  completed: number;
  pruned: number;
  failed: number;
  cancelled: number;
  best: number | null;
}

export type SweepState = "queued" | "running" | "paused" | "stopping" | "completed" | "stopped" | "cancelled" | "failed";

export interface SweepStatus {
  sweep: string;
  state: SweepState;
  reason: string | null;
  metric: string;
  planned: number | null;
  counts: Record<string, number>;
  best: TrialSummary | null;
  running: RunningTrial[];
  events: StatusEvent[];
  started: string | null;
  last_event: number;
  finished: string | null;
  cause: SweepCause | null;
  seconds_left: number | null;
  seconds_spread: number | null;
  top: TrialSummary[];
  ran_seconds: number;
}

export interface SweepSummary {
  sweep: SweepRow;
  metrics: MetricGoal[];
  best: TrialSummary | null;
  running_count: number;
  running: RunningTrial[];
  failures: FailureCount[];
  eta: Eta | null;
  waits: string | null;
  confirm: ConfirmPlan | null;
  ran_seconds: number;
  last_event: number;
}

export interface TellAnswer {
  trial: string;
  state: string;
  value: number | null;
  sweep_state: string;
}

export interface TokenInfo {
  id: string;
  name: string;
  role: string;
  created: string;
  actor: string;
  ends: string | null;
  revoked: string | null;
}

export interface TrialCurves {
  reported: number;
  metrics: MetricCurve[];
}

export interface TrialProgress {
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  loss: number;
  batches_per_second: number;
  seconds_left: number | null;
}

export interface TrialRow {
  trial: string;
  sweep: string;
  number: number;
  configuration: number;
  state: string;
  state_cause: string | null;
  cause: string | null;
  value: number | null;
  epoch: number | null;
  test_loss: number | null;
  test_accuracy: number | null;
  params: string;
  seed: number;
  attempts: number;
  worker: string | null;
  device: string | null;
  started: string | null;
  finished: string | null;
  created: string;
  epochs: number;
  message: string | null;
  lease: number;
  failures: number;
  parameters: number | null;
  facts: string | null;
  purpose: string;
  origin: string | null;
  run_seconds: number;
}

export interface TrialSummary {
  number: number;
  value: number | null;
  epoch: number | null;
  params: string;
  seed: number;
}

export type TrialTable = { total: number; matched: number; next: string | null; parameters: string[]; columns: Record<string, unknown[]> };

export interface WorkerInfo {
  worker: string;
  state: WorkerState;
  reason: string | null;
  device: string;
  slots: number;
  tags: string[];
  version: string | null;
  incarnation: string;
  started: string | null;
  seen: string | null;
  running: RunningAttempt[];
  allows_programs: boolean;
  idle_p50_ms: number | null;
  idle_p99_ms: number | null;
  memory: DeviceMemory | null;
  drain_reason: string | null;
  drained_by: string | null;
  gpus: number;
  gpu: GpuShare | null;
  facts: Record<string, string>;
  health: DeviceHealth | null;
}

export type WorkerState = "ready" | "draining" | "drained" | "faulty" | "gone" | "lost";
