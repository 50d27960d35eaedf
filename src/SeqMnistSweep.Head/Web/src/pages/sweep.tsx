import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { askEarly, type SweepSummary } from "../api";
import { useNewest } from "../live";
import { Ask } from "../parts/ask";
import { Empty, Nothing, Ready, State, Wait } from "../parts/basics";
import { Archive, Clone, Confirm, Delete } from "../parts/housekeeping";
import { EditLabels, Labels } from "../parts/labels";
import type { Place } from "../route";
import { spaceOf, tableOf } from "./analysis/reads";
import { Overview } from "./overview/overview";

export type SweepTab = ComponentType<{ summary: SweepSummary; place: Place }>;

interface Tab {
  text: string;
  load: () => Promise<SweepTab>;
  /** What it reads first of a sweep. */
  reads?: (sweep: string, place: Place) => string[];
}

const tabs: Record<string, Tab> = {
  trials: { text: "Trials", load: () => import("./trials/trials").then((page) => page.Trials) },
  analysis: {
    text: "Analysis",
    load: () => import("./analysis/analysis").then((page) => page.Analysis),
    reads: (sweep, place) => [tableOf(sweep, place), spaceOf(sweep)],
  },
  compare: { text: "Compare", load: () => import("./compare").then((page) => page.Compare) },
  file: { text: "File", load: () => import("./file").then((page) => page.SweepFile) },
};

const summaryOf = (id: string) => `sweeps/${encodeURIComponent(id)}/summary`;

/** Begins to read what the address shows, before the head has said who looks at it. What fails is asked for again by its page. */
export function openEarly(place: Place): void {
  const [page, id, tab = ""] = place.path;
  if (page !== "s" || !id) return;
  for (const path of [summaryOf(id), ...(tabs[tab]?.reads?.(id, place) ?? [])]) askEarly(path);
  void tabs[tab]?.load();
}

export function SweepPage({ id, place }: { id: string; place: Place }) {
  const newest = useNewest<SweepSummary>(summaryOf(id), `sweep:${id}`);
  return (
    <Ready of={newest} what={`sweep ${id}`} without={<Nothing title={id} />}>
      {(summary) => <Body summary={summary} place={place} />}
    </Ready>
  );
}

function Body({ summary, place }: { summary: SweepSummary; place: Place }) {
  const tab = place.path[2] ?? "";
  const { sweep } = summary;
  const at = `sweeps/${sweep.sweep}`;
  const selection = place.get("sel") ? `?sel=${place.get("sel")}` : "";
  const link = (name: string, text: string) => (
    <a href={`/s/${sweep.sweep}${name && `/${name}`}${selection}`} aria-current={tab === name ? "page" : undefined}>
      {text}
    </a>
  );
  const open = ["queued", "running", "paused", "stopping"].includes(sweep.state);
  return (
    <>
      <div class="title">
        <h1>{sweep.title ?? sweep.sweep}</h1>
        {sweep.title ? <span class="dim">{sweep.sweep}</span> : null}
        <State of={sweep.state} />
        {sweep.reason && sweep.cause !== "begun" ? <span class="dim">{sweep.reason}</span> : null}
        {open ? (
          <div class="side buttons">
            <EditLabels of={sweep} />
            <Clone of={sweep} />
            {sweep.state === "paused" ? (
              <Ask label="Resume" title="Resume this sweep" what="Trials start again." path={`${at}/resume`} />
            ) : (
              <Ask
                label="Pause"
                title="Pause this sweep"
                what="No new trial starts. Those that run go on to their end."
                path={`${at}/pause`}
                disabled={sweep.state === "stopping"}
              />
            )}
            <Ask
              label="Stop"
              title="Stop this sweep"
              what="No new trial starts. The sweep ends when those that run have ended."
              path={`${at}/stop`}
              does="Stop the sweep"
              disabled={sweep.state === "stopping"}
            />
            <Ask
              label="Cancel"
              title="Cancel this sweep"
              what="Every running trial is ended now. What was reported stays."
              path={`${at}/cancel`}
              does="Cancel the sweep"
              danger
            />
          </div>
        ) : (
          <div class="side buttons">
            <EditLabels of={sweep} />
            <Clone of={sweep} />
            {summary.confirm ? <Confirm of={sweep} plan={summary.confirm} /> : null}
            <Archive of={sweep} />
            <Delete of={sweep} />
          </div>
        )}
      </div>
      <Labels of={sweep} />
      <nav class="tabs" aria-label="Views of this sweep">
        {link("", "Overview")}
        {Object.entries(tabs).map(([name, { text }]) => link(name, text))}
      </nav>
      {tab === "" ? (
        <Overview summary={summary} />
      ) : tabs[tab] ? (
        <Later key={tab} tab={tab} summary={summary} place={place} />
      ) : (
        <Empty>
          There is no such view: <a href={`/s/${sweep.sweep}`}>the overview</a>
        </Empty>
      )}
    </>
  );
}

function Later({ tab, summary, place }: { tab: string; summary: SweepSummary; place: Place }) {
  const [View, setView] = useState<{ of: SweepTab } | null>(null);
  useEffect(() => {
    let here = true;
    void tabs[tab]!.load().then((of) => here && setView({ of }));
    return () => {
      here = false;
    };
  }, [tab]);
  return View ? <View.of summary={summary} place={place} /> : <Wait for="Opening the view …" />;
}
