import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Draft } from '../api/deskTypes';
import { hostNow } from '../api/HostClock';
import { expiresSoon } from '../day/dayOrder';
import { accountPath } from '../shell/router';
import { saveText } from '../work/deeds';
import { distance } from '../work/times';
import { sentence } from '../words/format';
import { Time } from '../words/Time';
import { blanksOf, piecesOf } from './blanks';
import { Facts } from './Facts';

/** A draft beside its facts: who gets it, why, who must allow it, until when. Its text is changed in place. */
export function DraftPanel({ draft, editing, onEdit, onChange, within }: {
  draft: Draft; editing: boolean; onEdit: (editing: boolean) => void; onChange: (draft: Draft) => void; within?: boolean;
}) {
  return (
    <div class="draft">
      <dl class="about">
        <div><dt>To</dt><dd>{draft.kind === 'approval' ? 'nobody outside: an approval within the company' : recipientOf(draft)}</dd></div>
        <div><dt>Why</dt><dd>{draft.playTitle}: {draft.playReason}</dd></div>
        {!within && (
          <div><dt>Account</dt>
            <dd><a href={accountPath(draft.account)}>{draft.accountName}</a>, owner {draft.owner ?? 'nobody'}</dd></div>)}
        <div><dt>Needs</dt><dd>{needsOf(draft)}</dd></div>
        {draft.marks.length > 0 && <div><dt>Marked</dt><dd>{draft.marks.join(', ')}</dd></div>}
        <Standing draft={draft} />
      </dl>
      <div class="beside">
        {editing
          ? <Editor draft={draft} onClose={() => onEdit(false)} onChange={onChange} />
          : (
            <div class="letter">
              {draft.subject && <h3><Marked text={draft.subject} /></h3>}
              <p class="text"><Marked text={draft.text} /></p>
              {draft.state === 'pending' && blanksOf(draft).length > 0 && (
                <p class="late"><span aria-hidden="true">! </span>It has blanks to fill in: {blanksOf(draft).join(', ')}</p>)}
              {draft.edited && <p class="muted">A person has changed this text.</p>}
            </div>)}
        <Facts draft={draft} />
      </div>
    </div>
  );
}

const Marked = ({ text }: { text: string }) => <>{piecesOf(text).map((piece, n) => n % 2 === 1 ? <mark key={n}>{piece}</mark> : piece)}</>;

const recipientOf = (draft: Draft): string =>
  [draft.contactName, draft.email && (draft.contactName ? `<${draft.email}>` : draft.email)].filter(Boolean).join(' ')
     || 'no contact is known';

const needsOf = (draft: Draft): string =>
  `the ${draft.needs}${draft.reviewer ? `, ${draft.reviewer}` : ''}${draft.needsBecause ? `, by the guardrail ${draft.needsBecause}` : ''}`;

function Standing({ draft }: { draft: Draft }) {
  if (draft.state === 'pending') {
    const soon = expiresSoon(draft, hostNow());
    return (
      <div>
        <dt>Expires</dt>
        <dd class={soon ? 'late' : ''}>{distance(Date.parse(draft.expiresAt), hostNow())} (<Time at={draft.expiresAt} />)</dd>
      </div>
    );
  }
  return (
    <>
      {draft.decidedAt && (
        <div>
          <dt>{sentence(draft.state === 'sent' ? 'approved' : draft.state)}</dt>
          <dd><Time at={draft.decidedAt} />{draft.decidedBy && ' by ' + draft.decidedBy}{draft.reason && `: ${draft.reason}`}</dd>
        </div>)}
      {draft.delay && (
        <div><dt>Put off</dt><dd>{draft.sendAt ? <>until <Time at={draft.sendAt} /></> : 'for now'} by {draft.delay}</dd></div>)}
      {draft.sentAt && draft.kind !== 'approval' && <div><dt>Sent</dt><dd><Time at={draft.sentAt} /></dd></div>}
    </>
  );
}

function Editor({ draft, onClose, onChange }: { draft: Draft; onClose: () => void; onChange: (draft: Draft) => void }) {
  const [subject, setSubject] = useState(draft.subject);
  const [text, setText] = useState(draft.text);
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => area.current?.focus(), []);
  const save = async () => {
    if (text.trim() === '' || busy) return;
    setBusy(true);
    const changed = await saveText(draft, subject, text);
    setBusy(false);
    if (!changed) return;
    onChange(changed);
    onClose();
  };
  return (
    <form class="letter editor" onSubmit={event => {
      event.preventDefault();
      void save();
    }} onKeyDown={event => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void save();
    }}>
      {draft.subject && (
        <label>Subject
          <input type="text" maxLength={500} value={subject} onInput={event => setSubject(event.currentTarget.value)} /></label>)}
      <label>Text
        <textarea ref={area} rows={Math.min(22, Math.max(8, draft.text.split('\n').length + 3))} maxLength={20000} required value={text}
          onInput={event => setText(event.currentTarget.value)} />
      </label>
      <div class="actions">
        <button class="primary" disabled={busy || text.trim() === ''}>Save the text</button>
        <button type="button" onClick={onClose}>Leave it as it was</button>
        <span class="muted">Ctrl+Enter saves</span>
      </div>
    </form>
  );
}
