/** A few exclusive choices in one row. */
export function Segments<Value extends string | number>(props: {
  label: string;
  choices: { value: Value; label: string }[];
  chosen: Value | undefined;
  testId?: string;
  onChoose(value: Value): void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one row everywhere
    <div class="segments" role="group" aria-label={props.label} data-testid={props.testId}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === props.chosen}
          onClick={() => props.onChoose(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
