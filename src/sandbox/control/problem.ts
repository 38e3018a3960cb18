// The control API's errors: problem+json with a stable code and a sentence that says what to do.

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  constructor(status: number, code: string, detail: string) {
    super(code);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  403: 'Refused',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  500: 'Internal error',
};

export type ProblemBody = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
};

export function problemBody({ status, code, detail }: Pick<Problem, 'status' | 'code' | 'detail'>): ProblemBody {
  return { type: `urn:tillway:sandbox:${code}`, title: titles[status] ?? 'Error', status, code, detail };
}
