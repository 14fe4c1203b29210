import { useSignal } from '@preact/signals';
import { DrawerFrame } from '#sandbox/page/frame/drawer.tsx';
import { Switch } from '#sandbox/page/frame/switch.tsx';
import { tables } from '#sandbox/page/tables.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { Fault } from '#sandbox/page-protocol.ts';

const counts = [1, 2, 3, 5, 10, 50];
const sides: { side: Fault['side']; title: string }[] = [
  { side: 'slack', title: 'Slack' },
  { side: 'carrier', title: 'Carrier' },
];

export function FaultsDrawer() {
  const faults = tables.faults.rows.value;
  return (
    <DrawerFrame name="faults" title="Faults">
      <div class="faults">
        <p class="hint">What may go wrong with Slack and the carrier, on request. The bot does not know.</p>
        {sides.map(({ side, title }) => (
          <section key={side} aria-label={title}>
            <h3>{title}</h3>
            {faults
              .filter((fault) => fault.side === side)
              .map((fault) => (
                <FaultRow key={fault.id} fault={fault} />
              ))}
          </section>
        ))}
        {faults.length === 0 && <p class="empty">There are no faults to switch.</p>}
      </div>
    </DrawerFrame>
  );
}

function FaultRow({ fault }: { fault: Fault }) {
  const count = useSignal<number | null>(fault.count);
  async function turn(isOn: boolean, times: number | null) {
    const answer = await callVerb('switch-fault', { id: fault.id, isOn, count: times });
    if (!answer.ok) showError(answer.error);
  }
  return (
    <div class={fault.isOn ? 'fault is-on' : 'fault'} data-testid={`fault-${fault.id}`}>
      <Switch label={fault.label} isOn={fault.isOn} onSwitch={(isOn) => void turn(isOn, count.value)} />
      {fault.isOn && fault.count !== null && <span class="badge is-warning">{fault.count} left</span>}
      <select
        class="input is-slim"
        aria-label={`How often: ${fault.label}`}
        value={count.value === null ? '' : String(count.value)}
        onChange={(event) => {
          count.value = event.currentTarget.value === '' ? null : Number(event.currentTarget.value);
          if (fault.isOn) void turn(true, count.value);
        }}
      >
        <option value="">every time</option>
        {counts.map((times) => (
          <option key={times} value={String(times)}>
            {times === 1 ? 'once' : `${times} times`}
          </option>
        ))}
      </select>
    </div>
  );
}
