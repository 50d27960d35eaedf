// What a trial says of the first test images: the fact "samples", label:class:probability of each.

export interface Sample {
  label: number;
  predicted: number;
  probability: number;
}

/** Empty where there is none, or where somebody else's trial says something of its own by that name. */
export function readSamples(text: unknown): Sample[] {
  if (typeof text !== "string") return [];
  const found = text.split(" ").map((part) => /^(\d):(\d):([01](?:\.\d+)?)$/.exec(part));
  return found.every((one) => one !== null) ? found.map((one) => ({ label: Number(one[1]), predicted: Number(one[2]), probability: Number(one[3]) })) : [];
}
