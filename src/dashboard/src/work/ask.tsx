import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface Field {
  name: string;
  label: string;
  kind: 'text' | 'line' | 'choice' | 'pick' | 'date';
  required?: boolean;
  options?: [string, string][];
  value?: string;
  /** Of a date: the first and the last that make sense. */
  min?: string;
  max?: string;
}

export interface Question {
  title: string;
  note?: string;
  fields: Field[];
  submit: string;
}

export type Answers = Record<string, string>;

interface Asked { question: Question; answer: (values: Answers | null) => void }

let show: ((asked: Asked) => void) | null = null;

/** Asks in a dialog; null where the reader thinks better of it. */
export const ask = (question: Question): Promise<Answers | null> =>
  new Promise(answer => show ? show({ question, answer }) : answer(null));

/** Where `ask` asks; once on the page. */
export function AskHost() {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    show = setAsked;
    return () => { show = null; };
  }, []);
  return asked && <AskDialog key={asked.question.title} asked={asked} onOver={() => setAsked(null)} />;
}

function AskDialog({ asked: { question, answer }, onOver }: { asked: Asked; onOver: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const said = useRef<Answers | null>(null);
  const [values, setValues] = useState<Answers>(() => Object.fromEntries(question.fields.map(field => [field.name, field.value ?? ''])));
  // Before the next key is heard: who types on without looking loses nothing.
  useLayoutEffect(() => {
    dialog.current?.showModal();
    const first = ['input:checked', 'textarea, input, select'].map(what => dialog.current?.querySelector<HTMLElement>(what)).find(Boolean);
    first?.focus();
  }, []);
  const isComplete = question.fields.every(field => !field.required || values[field.name]?.trim());
  const submit = () => {
    if (!isComplete || dialog.current?.querySelector('form')?.reportValidity() === false) return;
    said.current = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()]));
    // Closed before it goes, it gives the focus back to where it was.
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-title" onClose={() => {
      onOver();
      answer(said.current);
    }}>
      <h2 id="ask-title">{question.title}</h2>
      {question.note && <p>{question.note}</p>}
      <form onSubmit={event => {
        event.preventDefault();
        submit();
      }} onKeyDown={event => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        submit();
      }}>
        {question.fields.map(field => (
          <Input key={field.name} field={field} value={values[field.name] ?? ''}
            onChange={value => setValues(old => ({ ...old, [field.name]: value }))} />))}
        <button type="button" onClick={() => dialog.current?.close()}>Cancel</button>
        <button class="primary" disabled={!isComplete}>{question.submit}</button>
      </form>
    </dialog>
  );
}

const valueIn = (event: { currentTarget: { value: string } }): string => event.currentTarget.value;

function Input({ field, value, onChange }: { field: Field; value: string; onChange: (value: string) => void }) {
  const label = field.required || field.kind === 'choice' ? field.label : field.label + ' (may be left out)';
  if (field.kind === 'choice') {
    return (
      <fieldset>
        <legend>{label}</legend>
        {field.options?.map(([key, title]) => (
          <label key={key} class="check">
            <input type="radio" name={field.name} checked={value === key} onChange={() => onChange(key)} /> {title}
          </label>))}
      </fieldset>
    );
  }
  return (
    <label class="reason">{label}
      {field.kind === 'text' && (
        <textarea rows={3} maxLength={2000} required={field.required ?? false} value={value}
           onInput={event => onChange(valueIn(event))} />)}
      {field.kind === 'pick' && (
        <select value={value} required={field.required ?? false} onChange={event => onChange(event.currentTarget.value)}>
          {!value && <option value="">Choose</option>}
          {field.options?.map(([key, title]) => <option key={key} value={key}>{title}</option>)}
        </select>)}
      {field.kind === 'line' && (
        <input type="text" maxLength={500} required={field.required ?? false} value={value} onInput={event => onChange(valueIn(event))} />)}
      {field.kind === 'date' && (
        <input type="date" required={field.required ?? false} value={value} min={field.min} max={field.max} onInput={event => onChange(valueIn(event))} />)}
    </label>
  );
}
