import { type ComponentType, render } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { CallerInfo, WorkerInfo } from "./api";
import { Caller, useCaller } from "./caller";
import { setTheme } from "./charts/theme";
import { isThere } from "./data";
import { count, many } from "./format";
import { useLive, useStatus } from "./live";
import { openEarly, SweepPage } from "./pages/sweep";
import { Sweeps } from "./pages/sweeps";
import { Nothing, Time, Wait } from "./parts/basics";
import { SignIn } from "./parts/sign-in";
import { isReport, openReport, theReport } from "./report/report";
import { followLinks, here, type Place, usePlace } from "./route";
import "./style.css";

export type Page = ComponentType<{ place: Place }>;

// What a first look does not need is read when somebody goes there.
const pages: Record<string, () => Promise<Page>> = {
  t: () => import("./pages/trial/trial").then((page) => page.TrialPage),
  workers: () => import("./pages/workers").then((page) => page.Workers),
  query: () => import("./pages/query").then((page) => page.Query),
  compare: () => import("./pages/compare-sweeps").then((page) => page.CompareSweeps),
  new: () => import("./pages/new").then((page) => page.NewSweep),
};

function Later({ name, place }: { name: string; place: Place }) {
  const [page, setPage] = useState<{ name: string; Page: Page } | null>(null);
  useEffect(() => {
    let here = true;
    void pages[name]!().then((Page) => here && setPage({ name, Page }));
    return () => {
      here = false;
    };
  }, [name]);
  return page?.name === name ? <page.Page place={place} /> : <Wait for="Opening the page …" />;
}

const Body = ({ place }: { place: Place }) => {
  const [first] = place.path;
  if (isReport && first === undefined) return <SweepPage id={theReport().sweep} place={place} />;
  if (first === undefined) return <Sweeps place={place} />;
  if (first === "s" && place.path[1]) return <SweepPage key={place.path[1]} id={place.path[1]} place={place} />;
  if (first in pages) return <Later name={first} place={place} />;
  return <Nothing title="No such page" />;
};

function Theme() {
  const [theme, set] = useState(localStorage.getItem("theme") ?? "system");
  return (
    <label class="theme">
      <span class="hidden">Colours</span>
      <select
        value={theme}
        onChange={(event) => {
          set(event.currentTarget.value);
          setTheme(event.currentTarget.value);
        }}
      >
        <option value="system">system</option>
        <option value="light">light</option>
        <option value="dark">dark</option>
      </select>
    </label>
  );
}

const said = { connecting: "connecting …", live: "live", lost: "no connection to the head – trying again" };
const gone = {
  head: said.lost,
  run: "the run has ended, or does not answer; what it left: seqsweep open",
  database: "seqsweep open was ended; to go on: seqsweep open",
};

function Connection() {
  const serves = useContext(Caller)?.serves ?? "head";
  const status = useStatus();
  const workers = useLive<WorkerInfo[]>("workers");
  const there = workers?.filter((worker) => isThere(worker)) ?? [];
  const running = there.reduce((sum, worker) => sum + worker.running.length, 0);
  return (
    <>
      {workers ? (
        <span class="connection">
          {there.length ? `${many(there.length, "worker")}, ${many(running, "trial")} running` : "no worker is there"}
        </span>
      ) : null}
      <span class={`connection ${status}`} role="status">
        <span aria-hidden="true">●</span> {status === "lost" ? gone[serves] : said[status]}
      </span>
    </>
  );
}

/** Of a report: when it was true. */
function Written() {
  const { written, table } = theReport();
  const rows = table.columns.number!.length;
  return (
    <span class="connection">
      as it was <Time at={written} />
      {rows < table.total ? `; ${count(rows)} of ${count(table.total)} trials` : ""}
    </span>
  );
}

function App({ caller }: { caller: CallerInfo | null }) {
  const place = usePlace();
  const first = place.path[0] ?? "";
  const link = (to: string, name: string, text: string) => (
    <a href={to} aria-current={first === name || (name === "" && (first === "s" || first === "t")) ? "page" : undefined}>
      {text}
    </a>
  );
  useEffect(() => {
    const at = place.path.slice(first.length === 1 ? 1 : 0).join("/") || (isReport ? theReport().sweep : "");
    document.title = at ? `${at} – seqsweep` : "seqsweep";
  }, [place]);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        To the content
      </a>
      <header class="top">
        <nav aria-label="Pages">
          <a class="brand" href="/">
            <img src="/icon.svg" alt="" width="20" height="20" /> <span>seqsweep</span>
          </a>
          {isReport ? null : (
            <>
              {link("/", "", "Sweeps")}
              {link("/workers", "workers", "Workers")}
              {link("/query", "query", "Query")}
              {caller && (caller.serves !== "head" || caller.role === "viewer") ? null : link("/new", "new", "New sweep")}
            </>
          )}
        </nav>
        <div class="side">
          {isReport ? (
            <Written />
          ) : caller ? (
            <span class="connection caller">
              {caller.name}, {caller.role}
            </span>
          ) : null}
          {caller?.serves === "database" ? (
            <span class="connection" role="note" title="nothing can be changed here">
              read-only
            </span>
          ) : null}
          {caller?.insecure ? (
            <span class="connection lost" role="note" title="started with --insecure: everybody who reaches its ports may do everything">
              insecure: no sign-in, no encryption
            </span>
          ) : null}
          {isReport ? null : <Connection />}
          <Theme />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Body place={place} />
      </main>
    </>
  );
}

function Door() {
  const { caller, error } = useCaller();
  if (error?.status === 401 || error?.status === 429) return <SignIn error={error} />;
  if (caller || error)
    return (
      <Caller.Provider value={caller}>
        <App caller={caller} />
      </Caller.Provider>
    );
  return <Wait for="Asking the head …" />;
}

followLinks();
await openReport();
if (!isReport && !location.hash) openEarly(here());
render(<Door />, document.getElementById("app")!);
