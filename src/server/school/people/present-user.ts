import { createHash } from 'node:crypto';
import { idNumber, type Json } from '../http/write-json.ts';
import { wireTime } from '../http/wire-time.ts';
import type { UserRow } from '../tables.ts';

/**
 * An identifier that programs of others keep: the same for a person in every answer, and telling nothing about them.
 * Canvas draws one by lot; here it is made of the id.
 */
export function uuidOf(user: Pick<UserRow, 'id'>): string {
  return createHash('sha256').update(`user ${user.id}`).digest('base64url').slice(0, 40);
}

type JsonObject = Readonly<Record<string, Json>>;

/** What every list shows of a person (contract §5.3). */
export function presentUser(user: UserRow): JsonObject {
  return {
    id: idNumber(user.id),
    name: user.name,
    created_at: wireTime(user.createdAt),
    sortable_name: user.sortableName,
    short_name: user.shortName,
  };
}

/** What staff see besides. */
export function presentUserToStaff(user: UserRow): JsonObject {
  return {
    ...presentUser(user),
    sis_user_id: user.sisUserId,
    integration_id: null,
    login_id: user.login ?? undefined,
    email: user.email ?? undefined,
  };
}

/** People about themselves (contract §5.1). */
export function presentSelf(user: UserRow): JsonObject {
  return {
    ...presentUserToStaff(user),
    avatar_url: user.avatarUrl ?? undefined,
    email: user.email,
    locale: user.locale,
    effective_locale: user.locale ?? 'en',
    permissions: { can_update_name: false, can_update_avatar: false, limit_parent_app_web_access: false },
  };
}
