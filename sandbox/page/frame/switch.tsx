export function Switch(props: {
  label: string;
  isOn: boolean;
  testId?: string;
  onSwitch(isOn: boolean): void;
}) {
  return (
    <button
      type="button"
      role="switch"
      class="switch"
      aria-checked={props.isOn}
      data-testid={props.testId}
      onClick={() => props.onSwitch(!props.isOn)}
    >
      <span class="switch-track" aria-hidden="true" />
      <span>{props.label}</span>
    </button>
  );
}
