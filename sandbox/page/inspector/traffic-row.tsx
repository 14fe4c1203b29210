import { memo } from 'preact/compat';
import { Icon } from '#sandbox/page/icons.tsx';
import { readerTimeZone } from '#sandbox/page/session.ts';
import { formatSlackDate } from '#sandbox/page/text/dates.ts';
import type { Traffic } from '#sandbox/page-protocol.ts';

type TrafficRowProps = { row: Traffic; isOpen: boolean; onOpen(): void };

export const TrafficRow = memo(
  function TrafficRow({ row, isOpen, onOpen }: TrafficRowProps) {
    const words = row.direction === 'in' ? 'to the bot' : 'from the bot';
    return (
      <button
        type="button"
        class="traffic-row"
        aria-current={isOpen ? 'true' : undefined}
        data-testid="traffic-row"
        onClick={onOpen}
      >
        <span class="traffic-time">{clockWords(row.at)}</span>
        <span class={`traffic-direction is-${row.direction}`} title={words}>
          <Icon name={row.direction === 'in' ? 'right' : 'left'} />
          <span class="sr-only">{words}</span>
        </span>
        <span class="traffic-side">{row.side}</span>
        <span class="traffic-title">
          {row.title}
          {row.note && <span class="traffic-note">{row.note}</span>}
        </span>
        <span class={`traffic-status ${statusClass(row.status)}`}>{row.status ?? '—'}</span>
        <span class="traffic-duration">
          {row.durationMs === null ? '' : `${Math.round(row.durationMs)} ms`}
        </span>
      </button>
    );
  },
  (before, now) => before.row === now.row && before.isOpen === now.isOpen,
);

export function statusClass(status: number | null): string {
  if (status === null) return 'is-lost';
  return status >= 400 ? 'is-bad' : 'is-good';
}

function clockWords(atMs: number): string {
  return formatSlackDate(atMs / 1000, '{time_secs}', { timeZone: readerTimeZone.value, nowMs: atMs });
}
