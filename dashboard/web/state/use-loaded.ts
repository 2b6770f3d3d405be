import { useEffect, useState } from 'preact/hooks';

/** Something asked of the server. The last answer stays while a newer one is on its way. */
export type Loaded<Data> =
  | { readonly status: 'loading'; readonly data: Data | undefined }
  | { readonly status: 'ready'; readonly data: Data }
  | { readonly status: 'failed'; readonly data: Data | undefined; readonly error: unknown };

/**
 * Loads again whenever `key` changes. Answers of another `subject` are forgotten at once;
 * those of the same stay in view until the newer is there.
 */
export function useLoaded<Data>(
  subject: string,
  key: string,
  load: (signal: AbortSignal) => Promise<Data>,
): readonly [loaded: Loaded<Data>, retry: () => void] {
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<{ subject: string; loaded: Loaded<Data> }>();
  const current = held?.subject === subject ? held.loaded : undefined;
  useEffect(() => {
    const abort = new AbortController();
    const settle = (loaded: Loaded<Data>) => {
      if (!abort.signal.aborted) setHeld({ subject, loaded });
    };
    load(abort.signal).then(
      (data) => settle({ status: 'ready', data }),
      (error: unknown) => settle({ status: 'failed', data: current?.data, error }),
    );
    return () => abort.abort();
    // `load` is made anew at every drawing; `key` says when it means something else.
  }, [subject, key, attempt]);
  const retry = () => setAttempt((before) => before + 1);
  return [current ?? { status: 'loading', data: undefined }, retry];
}
