import { tables } from '#sandbox/page/tables.ts';

/** Which number endings behave how. */
export function Personas() {
  const personas = tables.personas.rows.value;
  if (personas.length === 0) return null;
  return (
    <details class="personas" data-testid="personas">
      <summary>{personas.length} personas, by number ending</summary>
      <dl>
        {personas.map((persona) => (
          <div key={persona.id}>
            <dt>
              <code>…{persona.numberEnding}</code> {persona.label}
            </dt>
            <dd>{persona.description}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
