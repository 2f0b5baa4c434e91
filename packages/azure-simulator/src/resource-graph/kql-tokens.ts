import { ArmError } from '../arm/arm-error.ts';

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign';
  readonly value: string;
}

const PATTERN =
  /\s+|\/\/[^\n]*|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<number>\d+(?:\.\d+)?)|(?<name>mv-expand\b|!?[A-Za-z_][A-Za-z0-9_]*~?)|(?<sign>==|=~|!=|!~|<=|>=|[<>=|(),.[\]])/y;

/** Cuts a query into tokens. @throws ArmError 400 at a character that is in no query. */
export function tokenize(query: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  while (pattern.lastIndex < query.length) {
    const at = pattern.lastIndex;
    const { groups = {} } =
      pattern.exec(query) ?? invalidQuery(`unexpected '${query[at]}' at ${at}`);
    const { text, number, name, sign } = groups;
    if (text !== undefined) tokens.push({ kind: 'text', value: unquote(text) });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
  }
  return tokens;
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

/** Source: the error of Resource Graph for a query that it cannot read. */
export function invalidQuery(why: string): never {
  throw new ArmError(400, 'BadRequest', 'Please provide below info when asking for support.', {
    details: [
      {
        code: 'InvalidQuery',
        message:
          'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
      },
      { code: 'ParserFailure', message: why },
    ],
  });
}
