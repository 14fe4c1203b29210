import { Icon } from '#sandbox/page/icons.tsx';
import { actingUser, actingUserId, chosenUserId, closeThread, people } from '#sandbox/page/session.ts';
import type { SlackUser } from '#sandbox/page-protocol.ts';
import { Avatar } from './avatar.tsx';

export function UserSwitcher() {
  return (
    <label class="user-switcher">
      <Avatar userId={actingUserId.value} />
      <span class="user-switcher-words">
        <span class="hint">Acting as</span>
        <span class="user-name" aria-hidden="true">
          {actingUser.value?.realName}
        </span>
        <select
          data-testid="acting-as"
          value={actingUserId.value}
          onChange={(event) => {
            chosenUserId.value = event.currentTarget.value;
            closeThread();
          }}
        >
          {people.value.map((user) => (
            <option key={user.id} value={user.id}>
              {user.realName || user.name}
              {roleOf(user)}
            </option>
          ))}
        </select>
      </span>
      <Icon name="down" />
    </label>
  );
}

function roleOf(user: SlackUser): string {
  const roles = [user.isAdmin && 'admin', user.isGuest && 'guest', user.isStranger && 'other company'].filter(
    Boolean,
  );
  return roles.length > 0 ? ` (${roles.join(', ')})` : '';
}
