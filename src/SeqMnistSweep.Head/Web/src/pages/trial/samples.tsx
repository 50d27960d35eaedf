import { useState } from "preact/hooks";
import { query, type SamplePrediction, type TrialRow } from "../../api";
import { parse } from "../../format";
import { isReport } from "../../report/report";

/** What the network makes of the first test images, beside the images as the head's dataset has them. */
export function Samples({ samples, trial, params }: { samples: SamplePrediction[]; trial: TrialRow; params: Record<string, unknown> }) {
  const { dataset, dataset_digest: digest } = parse(trial.facts) as { dataset?: string; dataset_digest?: string };
  const [without, setWithout] = useState(isReport);
  const wrong = samples.filter((one) => one.label !== one.predicted).length;
  const name = (digit: number) => (dataset === "fashion-mnist" ? clothes[digit] : `${digit}`);
  return (
    <>
      <p class="dim">
        The best epoch's network on the first {samples.length} test images: {wrong === 0 ? "all right" : `${wrong} wrong`}.
        {params.permute === true ? " It sees them with their pixels permuted; here they are as they were before that." : ""}
        {without && !isReport ? ` The pictures are not on the head's machine (${dataset ?? "its dataset"}).` : ""}
      </p>
      <ul class="samples">
        {samples.map(({ label, predicted, probability }, i) => (
          <li key={i} class={label === predicted ? "" : "wrong"}>
            {without || !dataset ? null : (
              <img
                src={`/api/v1/datasets/${encodeURIComponent(dataset)}/test/${i}.png${query({ digest })}`}
                width={56}
                height={56}
                alt={`test image ${i}, ${name(label)}`}
                onError={() => setWithout(true)}
              />
            )}
            <span>
              {label === predicted ? (
                name(predicted)
              ) : (
                <>
                  <strong>✗ {name(predicted)}</strong> <span class="dim">is {name(label)}</span>
                </>
              )}
            </span>
            <span class="dim">{(100 * probability).toFixed(probability > 0.9995 ? 0 : 1)} %</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const clothes = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];
