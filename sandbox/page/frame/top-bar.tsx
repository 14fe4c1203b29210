import { useSignal } from '@preact/signals';
import { botStatus, clockTick, productNow } from '#sandbox/page/clock.ts';
import { Icon, type IconName } from '#sandbox/page/icons.tsx';
import { type Drawer, drawer, hasPhones, readerTimeZone } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import { formatDayAndTime } from '#sandbox/page/text/dates.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { BotStatus, Fault } from '#sandbox/page-protocol.ts';
import { Segments } from './segments.tsx';

const speeds = [1, 10, 60, 600].map((value) => ({ value, label: `${value}×` }));

export function TopBar() {
  const faultsOn = tables.faults.rows.value.filter((fault) => fault.isOn && !isStateOfChannel(fault)).length;
  return (
    <header class="top-bar">
      <h1 class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle class="brand-ring" cx="16" cy="17" r="10" />
          <circle class="brand-dot" cx="16" cy="7" r="4" />
        </svg>
        <span>
          Ringmaster <span class="brand-sub">sandbox</span>
        </span>
      </h1>
      <BotState />
      <PlugButton />
      <div class="top-time">
        <ProductClock />
        <SpeedControl />
      </div>
      <div class="top-drawers">
        <BotLinks />
        <DrawerButton name="faults" icon="fault" label="Faults" count={faultsOn} />
        <DrawerButton name="traffic" icon="traffic" label="Traffic" />
        <button
          type="button"
          class="top-button only-wide"
          aria-pressed={hasPhones.value}
          data-testid="toggle-phones"
          onClick={() => {
            hasPhones.value = !hasPhones.value;
          }}
        >
          <Icon name="phone" />
          <span>Phones</span>
        </button>
      </div>
    </header>
  );
}

const stateWords: Record<BotStatus['state'], string> = {
  starting: 'Starting',
  running: 'Running',
  killed: 'Killed',
  stopped: 'Stopped',
};

function BotState() {
  const bot = botStatus();
  if (!bot) return null;
  const { state } = bot;
  return (
    <div class={`bot-state is-${state}`} data-testid="bot-state" data-state={state} role="status">
      <span class="bot-dot" aria-hidden="true" />
      <span>
        <span class="bot-label">Bot</span> <strong>{stateWords[state].toLowerCase()}</strong>
      </span>
      <span class="bot-facts">
        {bot.pid !== null && <span data-testid="bot-pid">pid {bot.pid}</span>}
        <span data-testid="bot-restarts">
          {bot.restarts} {bot.restarts === 1 ? 'restart' : 'restarts'}
        </span>
      </span>
    </div>
  );
}

/** The other ways to the same bot; a token for them comes from Slack. */
function BotLinks() {
  const url = botStatus()?.url;
  if (!url) return null;
  const ways: { path: string; label: string; icon: IconName }[] = [
    { path: '/dashboard', label: 'Dashboard', icon: 'chart' },
    { path: '/api/docs', label: 'API', icon: 'code' },
  ];
  return ways.map(({ path, label, icon }) => (
    <a
      key={path}
      class="top-button"
      href={`${url}${path}`}
      target="_blank"
      rel="noreferrer"
      title={`${label}: opens in a tab of its own; /campaign token makes the token it asks for`}
    >
      <Icon name={icon} />
      <span>{label}</span>
    </a>
  ));
}

function PlugButton() {
  const isPulling = useSignal(false);
  async function pull() {
    isPulling.value = true;
    const answer = await callVerb('pull-the-plug', {});
    isPulling.value = false;
    if (!answer.ok) showError(answer.error);
  }
  return (
    <button
      type="button"
      class="top-button is-plug"
      title="Kill the bot at once (SIGKILL) and start it again"
      data-testid="pull-the-plug"
      disabled={isPulling.value}
      onClick={() => void pull()}
    >
      <Icon name="plug" />
      <span>Pull the plug</span>
    </button>
  );
}

function ProductClock() {
  clockTick.value;
  if (!botStatus()) return null;
  const timeZone = readerTimeZone.value;
  const now = productNow();
  const words = formatDayAndTime(now, timeZone);
  const pace =
    botStatus()?.speed === 1 ? 'as fast as yours' : `${botStatus()?.speed ?? 1} times as fast as yours`;
  return (
    <time
      class="product-clock"
      title={`The sandbox's own time, in ${timeZone}: it began on a New York afternoon and runs ${pace}`}
      data-testid="product-clock"
    >
      <Icon name="clock" />
      {words}
    </time>
  );
}

function SpeedControl() {
  const bot = botStatus();
  async function choose(speed: number) {
    const answer = await callVerb('set-speed', { speed });
    if (!answer.ok) showError(answer.error);
  }
  return (
    <Segments
      label="How fast time runs"
      choices={speeds}
      chosen={bot?.speed}
      testId="speed"
      onChoose={(speed) => void choose(speed)}
    />
  );
}

/** Says on the channel itself what it is, and may always have been so. */
function isStateOfChannel({ id }: Fault): boolean {
  return id.startsWith('slack-archive:') || id.startsWith('slack-remove-bot:');
}

function DrawerButton(props: { name: Exclude<Drawer, null>; icon: IconName; label: string; count?: number }) {
  const isOpen = drawer.value === props.name;
  return (
    <button
      type="button"
      class="top-button"
      aria-expanded={isOpen}
      title={props.label}
      data-testid={`open-${props.name}`}
      onClick={() => {
        drawer.value = isOpen ? null : props.name;
      }}
    >
      <Icon name={props.icon} />
      <span>{props.label}</span>
      {(props.count ?? 0) > 0 && (
        <span class="count" title={`${props.count} switched on`}>
          {props.count}
        </span>
      )}
    </button>
  );
}
