import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** What is too wide for its place scrolls here alone, never the page; a keyboard stops at it only where there is something to scroll. */
export function Scroll({ children }: { children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current!;
    const watch = new ResizeObserver(() => {
      if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
    });
    watch.observe(element);
    if (element.firstElementChild) watch.observe(element.firstElementChild);
    return () => watch.disconnect();
  }, []);
  return (
    <div class="scroll" ref={box}>
      {children}
    </div>
  );
}
