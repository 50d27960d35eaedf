import { query } from "../../api";
import type { Place } from "../../route";

/** Trials that the pictures show at most. */
export const Most = 10_000;

export const tableOf = (sweep: string, place: Place) => {
  const limit = place.get("lines") ? Number(place.get("lines")) : 2000;
  const columns = "number,state,value,params.*,metrics.*";
  return `sweeps/${sweep}/trials${query({ where: "value != null", sort: "best", columns, limit: Math.min(Most, limit) })}`;
};

export const spaceOf = (sweep: string) => `sweeps/${sweep}/space`;
