import { afterEach, expect, test, vi } from "vitest";
import { askEarly, get } from "../src/api";

afterEach(() => vi.unstubAllGlobals());

/** A head that gives these answers, one after the other, and counts the questions. */
function head(...answers: [number, unknown][]) {
  const ask = vi.fn(async () => {
    const [status, body] = answers.shift()!;
    return new Response(JSON.stringify(body), { status });
  });
  vi.stubGlobal("fetch", ask);
  return ask;
}

test("what was asked for early is read once", async () => {
  const ask = head([200, 1], [200, 2]);
  askEarly("sweeps/a/summary");
  expect(await get("sweeps/a/summary")).toBe(1);
  expect(ask).toHaveBeenCalledTimes(1);
  expect(await get("sweeps/a/summary")).toBe(2);
});

test("what was asked for early is not the answer to another question", async () => {
  head([200, 1], [200, 2]);
  askEarly("sweeps/a/summary");
  expect(await get("sweeps/b/summary")).toBe(2);
});

test("a refusal that nobody read is asked for again", async () => {
  const ask = head([503, {}], [200, 2]);
  askEarly("sweeps/a/summary");
  await vi.waitFor(() => expect(ask).toHaveResolved());
  await new Promise((done) => setTimeout(done));
  expect(await get("sweeps/a/summary")).toBe(2);
});
