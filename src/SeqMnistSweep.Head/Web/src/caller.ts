import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { type CallerInfo, get, post, Refusal, SignedOut } from "./api";

const Gone = "the head no longer knows this browser: its access was revoked, or has ended";

const link = /^#login=([\w-]+)$/;

/** Takes the code of a sign-in link out of the address, where it would be kept and copied, and shows it to the head. */
async function enter(): Promise<CallerInfo> {
  const code = link.exec(location.hash)?.[1];
  if (!code) return get<CallerInfo>("me");
  history.replaceState(null, "", location.pathname + location.search);
  return post<CallerInfo>("login", { code });
}

/** Who looks at the pages, for whatever shows less to some. */
export const Caller = createContext<CallerInfo | null>(null);

/** Whether whoever looks may change anything. */
export const useMayAct = () => useContext(Caller)?.role !== "viewer";

export interface Known {
  caller: CallerInfo | null;
  error: Refusal | null;
}

/** Who looks at the pages; both null until the head has said so. */
export function useCaller(): Known {
  const [known, setKnown] = useState<Known>({ caller: null, error: null });
  useEffect(() => {
    const ask = () =>
      enter().then(
        (caller) => setKnown({ caller, error: null }),
        (error) => setKnown({ caller: null, error: error as Refusal }),
      );
    const leave = () =>
      setKnown((now) => (now.caller ? { caller: null, error: new Refusal(Gone, undefined, undefined, undefined, 401) } : now));
    const follow = () => link.test(location.hash) && ask();
    void ask();
    window.addEventListener("hashchange", follow);
    window.addEventListener(SignedOut, leave);
    return () => {
      window.removeEventListener("hashchange", follow);
      window.removeEventListener(SignedOut, leave);
    };
  }, []);
  return known;
}
