import { useEffect, useRef, useState } from "preact/hooks";
import { get, Refusal, type TrialRow } from "../../api";
import { Empty } from "../../parts/basics";

const MostLog = 200_000;

export function Log({ trial, follow }: { trial: TrialRow; follow: boolean }) {
  const [text, setText] = useState("");
  const [state, setState] = useState<"reading" | "read" | Refusal>("reading");
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => {
    let here = true;
    let offset = 0;
    let timer = 0;
    const read = async () => {
      try {
        const chunk = await get<{ text: string; next: number; reason: string | null }>(
          `trials/${trial.sweep}/${trial.number}/log?offset=${offset}`,
        );
        if (!here) return;
        offset = chunk.next;
        if (chunk.reason) return setState(new Refusal(chunk.reason));
        if (chunk.text) setText((old) => (old + chunk.text).slice(-MostLog));
        setState("read");
        if (chunk.text || follow) timer = setTimeout(read, chunk.text ? 50 : 2000) as unknown as number;
      } catch (refusal) {
        if (here) setState(refusal as Refusal);
      }
    };
    setText("");
    void read();
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [trial.trial, trial.attempts, follow]);
  useEffect(() => place.current?.scrollTo(0, place.current.scrollHeight), [text]);
  if (text)
    return (
      <pre class="log" ref={place} tabIndex={0} aria-label="the end of the log">
        {text}
      </pre>
    );
  return (
    <Empty>
      {state === "reading"
        ? "Asking for the log …"
        : state === "read"
          ? follow
            ? "The log is empty so far."
            : "It wrote nothing."
          : state.message}
    </Empty>
  );
}
