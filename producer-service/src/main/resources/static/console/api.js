const KEY = 'llm-fleet.key';

/** The key is kept for this tab alone, and goes to this fleet alone. */
export const key = {
  get: () => sessionStorage.getItem(KEY),
  set: (value) => sessionStorage.setItem(KEY, value),
  forget: () => sessionStorage.removeItem(KEY),
};

/** An answer that is no success; `errors` name the fields that are wrong. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.errors = problem.errors ?? [];
  }
}

/** Calls the API; null where the answer has no body. */
export async function call(method, path, { body, signal } = {}) {
  const response = await request(method, path, { body, signal });
  return response.status === 204 ? null : response.json();
}

export const get = (path, signal) => call('GET', path, { signal });
export const post = (path, body) => call('POST', path, { body });

/** The path with those parameters that have a value. */
export function withQuery(path, parameters) {
  const set = Object.entries(parameters).filter(([, v]) => v !== '' && v !== null && v !== undefined);
  return set.length ? `${path}?${new URLSearchParams(set)}` : path;
}

/** Saves an answer as a file: a plain link would ask without the key. */
export async function download(path, name) {
  const response = await request('GET', path, {});
  const url = URL.createObjectURL(await response.blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

async function request(method, path, { body, signal, headers }) {
  const response = await fetch(`/api/v1${path}`, {
    method,
    signal,
    cache: 'no-store',
    headers: {
      Authorization: `Bearer ${key.get()}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

async function refusal(response) {
  if (response.status === 401) {
    dispatchEvent(new Event('signed-out'));
  }
  return new Refused(response.status, await response.json().catch(() => ({})));
}

/**
 * Follows a stream of events to its end; EventSource cannot send a key. A connection that breaks is made anew with
 * the last id, so nothing comes twice.
 *
 * @param heard called with the event's name and data; what it returns true for is the last one
 */
export async function follow(path, signal, heard) {
  let last = null;
  for (;;) {
    try {
      const headers = { Accept: 'text/event-stream', ...(last ? { 'Last-Event-ID': last } : {}) };
      const response = await request('GET', path, { signal, headers });
      if (response.status === 204 || !response.body) {
        return;
      }
      for await (const event of events(response.body)) {
        last = event.id ?? last;
        if (heard(event.name, JSON.parse(event.data))) {
          return;
        }
      }
    } catch (e) {
      if (signal.aborted || e instanceof Refused) {
        return;
      }
    }
    await pause(1000, signal);
    if (signal.aborted) {
      return;
    }
  }
}

function pause(millis, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, millis);
    signal.addEventListener('abort', () => (clearTimeout(timer), done()), { once: true });
  });
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const event = parse(block);
        if (event.data) {
          yield event;
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(block) {
  const event = { name: 'message', data: '', id: null };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const field = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') {
      event.name = value;
    } else if (field === 'data') {
      event.data += event.data ? `\n${value}` : value;
    } else if (field === 'id') {
      event.id = value;
    }
  }
  return event;
}
