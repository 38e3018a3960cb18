// Why something cannot start, in a sentence for the person at the terminal. Anything else that is thrown is a defect.

export class StartTrouble extends Error {
  override readonly name = 'StartTrouble';
}

type SystemTrouble = { readonly code: string; readonly port: number | null };

function systemTrouble(error: unknown): SystemTrouble | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return { code: error.code, port: 'port' in error && typeof error.port === 'number' ? error.port : null };
}

/** A sentence for a listen that failed, or null when the error is about something else. */
export function explainListenTrouble(error: unknown, name: string, setting: string): string | null {
  const trouble = systemTrouble(error);
  if (trouble === null) return null;
  const port = trouble.port ?? 'its port';
  const remedy = `Choose another with ${setting} (0 = any free port).`;
  if (trouble.code === 'EADDRINUSE') {
    return `Port ${port} is taken by another program, so the ${name} cannot listen there. ${remedy}`;
  }
  if (trouble.code === 'EACCES')
    return `Port ${port} may not be used by this user, so the ${name} cannot listen. ${remedy}`;
  if (trouble.code === 'EADDRNOTAVAIL' || trouble.code === 'ENOTFOUND') {
    return `The ${name} cannot listen: TILLWAY_BIND_HOST is not an address of this machine. Use 127.0.0.1 or 0.0.0.0.`;
  }
  return null;
}
