import { useEffect, useRef, useState } from 'preact/hooks';

/** Asks why; null means that the alert stays. */
export function ResolveDialog({ name, onClose }: { name: string; onClose: (reason: string | null) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={() => onClose(null)} aria-labelledby="resolve-title">
      <h2 id="resolve-title">Resolve the alert of {name}</h2>
      <p>The account stays quiet until it has recovered.</p>
      <form onSubmit={event => {
        event.preventDefault();
        onClose(reason.trim());
      }}>
        <label class="reason">Why is it resolved?
          <textarea rows={3} maxLength={2000} required value={reason} onInput={event => setReason(event.currentTarget.value)} />
        </label>
        <button type="button" onClick={() => onClose(null)}>Cancel</button>
        <button class="primary" disabled={reason.trim() === ''}>Resolve</button>
      </form>
    </dialog>
  );
}
