import type { Mutant, Range } from './mutant.ts';

interface Piece extends Range {
  /** What stands there, around or instead of what stood there. */
  readonly around: (original: string) => string;
}

/** A source in which every mutant can be switched on while it runs, on the lines it was on. */
export function switched(
  source: string,
  mutants: readonly Mutant[],
  loops: readonly Range[],
): string {
  const pieces = [...loops.map(watched), ...placesOf(mutants).map(pieceOf)];
  return render(
    source,
    { start: 0, end: source.length },
    pieces.toSorted((a, b) => a.start - b.start || b.end - a.end),
  );
}

function watched({ start, end }: Range): Piece {
  return { start, end, around: (body) => `{ mutantSwitch.tick(); ${body} }` };
}

/** The mutants by the place they share. */
function placesOf(mutants: readonly Mutant[]): [Mutant, ...Mutant[]][] {
  const places = new Map<string, [Mutant, ...Mutant[]]>();
  for (const mutant of mutants) {
    const place = `${mutant.start}-${mutant.end}`;
    const others = places.get(place);
    if (others) others.push(mutant);
    else places.set(place, [mutant]);
  }
  return [...places.values()];
}

function pieceOf(mutants: readonly [Mutant, ...Mutant[]]): Piece {
  const [{ id, start, end, isStatement, prefix = '' }] = mutants;
  const around: Piece['around'] = isStatement
    ? (original) => `if (mutantSwitch.isOn(${id})) {} else ${original}`
    : (original) => `${prefix}(${mutants.map(choice).join('')}${original})`;
  return { start, end, around };
}

const choice = ({ id, by }: Mutant): string => `mutantSwitch.isOn(${id}) ? (${by}) : `;

/** The pieces are in order, the outer before what is in it. */
function render(source: string, { start, end }: Range, pieces: readonly Piece[]): string {
  let text = '';
  let at = start;
  for (const [index, piece] of pieces.entries()) {
    if (piece.start < at || piece.end > end) continue;
    text +=
      source.slice(at, piece.start) + piece.around(render(source, piece, pieces.slice(index + 1)));
    at = piece.end;
  }
  return text + source.slice(at, end);
}
