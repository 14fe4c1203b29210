import { Icon } from '#sandbox/page/icons.tsx';
import { showNotice } from '#sandbox/page/toasts.tsx';
import type { Traffic } from '#sandbox/page-protocol.ts';
import { prettyExchange } from './pretty.ts';
import { statusClass } from './traffic-row.tsx';

export function TrafficDetail({ row, onClose }: { row: Traffic; onClose(): void }) {
  return (
    <section class="traffic-detail" aria-label="Exchange" data-testid="traffic-detail">
      <div class="traffic-detail-head">
        <h3>{row.title}</h3>
        <span class={`traffic-status ${statusClass(row.status)}`}>
          {row.status === null ? 'no answer' : `HTTP ${row.status}`}
        </span>
        <span class="hint">{row.durationMs === null ? '' : `${row.durationMs.toFixed(1)} ms`}</span>
        <button
          type="button"
          class="quiet icon-only push-right"
          aria-label="Close exchange"
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </div>
      {row.note && <p class="traffic-detail-note">{row.note}</p>}
      <Side title="Request" text={row.request} />
      <Side title="Response" text={row.response} />
    </section>
  );
}

function Side({ title, text }: { title: string; text: string }) {
  async function copy() {
    await navigator.clipboard.writeText(text);
    showNotice(`The ${title.toLowerCase()} is on the clipboard.`);
  }
  return (
    <div class="exchange">
      <h4>
        {title}
        <button type="button" class="link" onClick={() => void copy()}>
          Copy
        </button>
      </h4>
      <pre>{text === '' ? '(empty)' : prettyExchange(text)}</pre>
    </div>
  );
}
