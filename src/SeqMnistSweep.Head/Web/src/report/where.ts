import { Refusal } from "../api";

export type Value = number | string | boolean | null | undefined;
type Node = (row: number) => Value | Value[];

interface Token {
  kind: "number" | "text" | "name" | "symbol" | "end";
  text: string;
  at: number;
}

const form =
  /\s*(?:(?<number>0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<name>[a-z_][\w.]*)|`(?<quoted>[^`]*)`|'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<symbol>\*\*|\/\/|<=|>=|==|!=|[-+*/%<>()[\],]))/iy;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  form.lastIndex = 0;
  for (let at = 0; text.slice(at).trim(); at = form.lastIndex) {
    form.lastIndex = at;
    const groups = form.exec(text)?.groups;
    if (!groups) throw new Refusal(`what stands at '${text.slice(at).trim().slice(0, 12)}' means nothing here`, undefined, at);
    const { number, name, quoted, single, double, symbol } = groups;
    const kind = number ? "number" : name || quoted ? "name" : symbol ? "symbol" : "text";
    found.push({ kind, text: number ?? name ?? quoted ?? symbol ?? single ?? double ?? "", at });
  }
  found.push({ kind: "end", text: "the end", at: text.length });
  return found;
}

const functions: Record<string, (...values: number[]) => number> = {
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  round: (value, digits = 0) => Number(value.toFixed(digits)),
  log: Math.log,
  log2: Math.log2,
  sqrt: Math.sqrt,
  exp: Math.exp,
};

const arithmetic: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "//": (a, b) => Math.floor(a / b),
  "%": (a, b) => a - b * Math.floor(a / b),
  "**": (a, b) => a ** b,
};

const constants: Record<string, Value> = { true: true, True: true, false: false, False: false, null: null, None: null };

/** What cannot be told, for a value is missing, is neither true nor false, as in SQL. */
const known = (value: Value): value is number | string | boolean => value !== null && value !== undefined;

const plain = (value: Value) => (typeof value === "boolean" ? Number(value) : value);

function compare(symbol: string, a: Value, b: Value | Value[], isNull: boolean): Value {
  if (Array.isArray(b)) return known(a) ? b.some((one) => plain(one) === plain(a)) === (symbol === "in") : null;
  if (isNull && symbol === "==") return !known(a);
  if (isNull && symbol === "!=") return known(a);
  if (!known(a) || !known(b)) return null;
  const [x, y] = [plain(a)!, plain(b)!];
  return symbol === "=="
    ? x === y
    : symbol === "!="
      ? x !== y
      : symbol === "<"
        ? x < y
        : symbol === "<="
          ? x <= y
          : symbol === ">"
            ? x > y
            : x >= y;
}

const truth = (value: Value | Value[]) => (Array.isArray(value) || !known(value) ? null : Boolean(value));

/**
 * A filter in the grammar of `constraints`, for pages without a head: what it is of a row.
 * @param nameOf The values of a name.
 */
export function where(text: string, nameOf: (name: string, at: number) => (row: number) => Value): (row: number) => Value {
  const all = tokens(text);
  let at = 0;
  const next = () => all[at]!;
  const wanted = (what: string) => new Refusal(`${what} is expected, not '${next().text}'`, undefined, next().at);
  const take = (kind: Token["kind"], ...texts: string[]) =>
    next().kind === kind && (texts.length === 0 || texts.includes(next().text)) ? all[at++] : undefined;
  const one = (node: Node, row: number) => node(row) as Value;

  function conditional(): Node {
    const yes = or();
    if (!take("name", "if")) return yes;
    const condition = or();
    if (!take("name", "else")) throw wanted("'else'");
    const no = conditional();
    return (row) => (truth(condition(row)) ? yes(row) : no(row));
  }
  function logic(operand: () => Node, word: string, stops: boolean): Node {
    let node = operand();
    while (take("name", word)) {
      const [left, right] = [node, operand()];
      node = (row) => {
        const [a, b] = [truth(left(row)), truth(right(row))];
        return a === stops || b === stops ? stops : a === null || b === null ? null : !stops;
      };
    }
    return node;
  }
  const or = () => logic(and, "or", true);
  const and = () => logic(not, "and", false);
  function not(): Node {
    if (!take("name", "not")) return comparison();
    const operand = not();
    return (row) => {
      const value = truth(operand(row));
      return value === null ? null : !value;
    };
  }
  function comparison(): Node {
    let left = sum();
    const links: Node[] = [];
    for (;;) {
      const symbol = take("symbol", "<", "<=", ">", ">=", "==", "!=") ?? take("name", "in");
      const isNot = !symbol && take("name", "not");
      if (isNot && !take("name", "in")) throw wanted("'in'");
      if (!symbol && !isNot) break;
      const isNull = next().kind === "name" && ["null", "None"].includes(next().text);
      const [a, b, sign] = [left, sum(), symbol ? symbol.text : "not in"];
      links.push((row) => compare(sign, one(a, row), b(row), isNull));
      left = b;
    }
    if (links.length === 0) return left;
    return (row) =>
      links.map((link) => link(row) as Value).reduce((a, b) => (a === false || b === false ? false : known(a) && known(b) ? true : null));
  }
  function leftToRight(operand: () => Node, ...symbols: string[]): Node {
    let node = operand();
    for (let symbol = take("symbol", ...symbols); symbol; symbol = take("symbol", ...symbols)) node = applied(symbol.text, node, operand());
    return node;
  }
  function applied(symbol: string, left: Node, right: Node): Node {
    return (row) => {
      const [a, b] = [one(left, row), one(right, row)];
      return known(a) && known(b) ? arithmetic[symbol]!(Number(a), Number(b)) : null;
    };
  }
  const sum = () => leftToRight(product, "+", "-");
  const product = () => leftToRight(unary, "*", "/", "//", "%");
  function unary(): Node {
    if (take("symbol", "-")) return applied("-", () => 0, unary());
    if (take("symbol", "+")) return unary();
    const base = primary();
    return take("symbol", "**") ? applied("**", base, unary()) : base;
  }
  function primary(): Node {
    const number = take("number");
    if (number) return () => Number(number.text);
    const quoted = take("text");
    if (quoted) return () => quoted.text;
    const name = take("name");
    if (name) return named(name);
    const opening = take("symbol", "(", "[");
    if (!opening) throw wanted("a number, a name or '('");
    const { items, comma } = list(opening.text === "(" ? ")" : "]");
    return opening.text === "(" && items.length === 1 && !comma ? items[0]! : (row) => items.map((item) => one(item, row));
  }
  function named(name: Token): Node {
    if (name.text in constants) return () => constants[name.text];
    if (!take("symbol", "(")) return nameOf(name.text, name.at);
    const apply = functions[name.text];
    if (!apply) throw new Refusal(`there is no function '${name.text}'`, `there are: ${Object.keys(functions).join(", ")}`, name.at);
    const { items } = list(")");
    return (row) => {
      const values = items.map((item) => one(item, row));
      return values.every(known) ? apply(...values.map(Number)) : null;
    };
  }
  function list(closing: string) {
    const items: Node[] = [];
    let comma = false;
    while (!take("symbol", closing)) {
      items.push(conditional());
      if (take("symbol", ",")) comma = true;
      else if (next().text !== closing) throw wanted(`'${closing}'`);
    }
    return { items, comma };
  }

  const root = conditional();
  if (next().kind !== "end") throw wanted("an operator");
  return (row) => one(root, row);
}
