import { asText } from '#sandbox/page/json.ts';
import type { JsonObject } from '#sandbox/page-protocol.ts';

/** Whatever a bot sends, the page stands: what it cannot draw, it shows as it came. */
export function Unsupported({ kind, json }: { kind: 'block' | 'element'; json: JsonObject }) {
  return (
    <details class="unsupported" data-testid="unsupported">
      <summary>
        Unsupported {kind}: <code>{asText(json.type) || 'no type'}</code>
      </summary>
      <pre>{JSON.stringify(json, null, 2)}</pre>
    </details>
  );
}
