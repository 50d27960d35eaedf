import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { waiting } from "../api";

const queue: (() => void)[] = [];
let goesOn = false;

/** One after another, whenever the page waits for no answer. */
function next(): void {
  if (waiting === 0) queue.shift()?.();
  goesOn = queue.length > 0;
  if (goesOn) setTimeout(next, 150);
}

/** What is made when it comes near the screen, or when the page has nothing else to do; a page of many pictures shows its first ones at once. */
export function Later({ children }: { children: ComponentChildren }): ComponentChildren {
  const place = useRef<HTMLDivElement>(null);
  const [made, setMade] = useState(false);
  useEffect(() => {
    if (made) return;
    const make = () => setMade(true);
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && make(), { rootMargin: "200px" });
    watch.observe(place.current!);
    queue.push(make);
    if (!goesOn) setTimeout(next, 500);
    goesOn = true;
    return () => {
      watch.disconnect();
      const at = queue.indexOf(make);
      if (at >= 0) queue.splice(at, 1);
    };
  }, [made]);
  return made ? children : <div class="later" ref={place} />;
}
