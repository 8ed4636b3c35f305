import { me } from './me';

/** A refusal, as the API words it, or what stands for one where there was no answer at all. */
export class Problem extends Error {
  constructor(readonly status: number, readonly title: string, readonly detail: string, readonly type = '') {
    super(detail ? `${title}: ${detail}` : title);
  }

  get isForbidden(): boolean {
    return this.status === 401 || this.status === 403;
  }

  get isMissing(): boolean {
    return this.status === 404;
  }
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => ask<T>('GET', path, undefined, signal);
export const post = <T>(path: string, body?: unknown): Promise<T> => ask<T>('POST', path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => ask<T>('PUT', path, body);
export const remove = <T>(path: string): Promise<T> => ask<T>('DELETE', path);

/** The problem that an error is; an abort is none, and goes on as it came. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, 'Something went wrong in this page', error instanceof Error ? error.message : String(error));
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const request: RequestInit = { method, headers, credentials: 'same-origin' };
  if (signal) request.signal = signal;
  // Headers carry bytes: a name in UTF-8, as the server reads it.
  if (method !== 'GET' && me()) headers['x-healthgrains-actor'] = String.fromCharCode(...new TextEncoder().encode(me()));
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, request);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new Problem(0, 'The server cannot be reached', 'No answer came from ' + location.host + '.');
  }
  if (!response.ok) throw await refusalOf(response);
  return await response.json() as T;
}

async function refusalOf(response: Response): Promise<Problem> {
  try {
    const said = await response.json() as { type?: string; title?: string; detail?: string };
    return new Problem(response.status, said.title ?? 'The server refused', said.detail ?? '', said.type);
  } catch {
    // A proxy in between answers in its own way.
    return new Problem(response.status, `The server answered ${response.status}`, response.statusText);
  }
}

/** A query string of what is set; empty where nothing is. */
export function queryOf(values: Record<string, string | number | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text ? '?' + text : '';
}
