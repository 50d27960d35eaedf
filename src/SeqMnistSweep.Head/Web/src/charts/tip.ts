import type { Tip } from "./picture";

const MostLines = 24;

/** Texts only: a parameter's value may be anything. */
export function tipElement(tip: Tip | null): HTMLElement | string {
  if (!tip) return "";
  const element = document.createElement("div");
  element.className = "tip";
  const title = document.createElement("strong");
  title.textContent = tip.title;
  element.append(title);
  for (const [name, value] of tip.lines.slice(0, MostLines)) {
    const line = document.createElement("div");
    const label = document.createElement("span");
    label.textContent = name;
    line.append(label, value);
    element.append(line);
  }
  return element;
}
