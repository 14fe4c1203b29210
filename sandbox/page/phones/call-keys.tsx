const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export function CallKeys({ onPress }: { onPress(digit: string): void }) {
  return (
    <fieldset class="call-keys" data-testid="call-keys">
      <legend class="sr-only">Keys of the phone</legend>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          class="button"
          data-testid={`key-${key}`}
          onClick={() => onPress(key)}
        >
          {key}
        </button>
      ))}
    </fieldset>
  );
}
