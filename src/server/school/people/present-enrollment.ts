import { idNumber, type Json } from '../http/write-json.ts';
import { wireTime } from '../http/wire-time.ts';
import type { EnrollmentRow, EnrollmentType } from '../tables.ts';

/** Canvas's numbers for its built-in roles, the same in every new installation. */
const roleIds: Readonly<Record<EnrollmentType, number>> = {
  StudentEnrollment: 3,
  TeacherEnrollment: 4,
  TaEnrollment: 5,
  DesignerEnrollment: 6,
  ObserverEnrollment: 7,
  StudentViewEnrollment: 3,
};

/** The short word for a role, as parameters and a course's own `enrollments` spell it. */
export const shortTypes: Readonly<Record<EnrollmentType, string>> = {
  StudentEnrollment: 'student',
  StudentViewEnrollment: 'student_view',
  TeacherEnrollment: 'teacher',
  TaEnrollment: 'ta',
  DesignerEnrollment: 'designer',
  ObserverEnrollment: 'observer',
};

/** The roles that these short words name; unknown words name none. */
export function typesNamed(words: readonly string[]): EnrollmentType[] {
  const types = Object.keys(shortTypes) as EnrollmentType[];
  return types.filter((type) => words.includes(shortTypes[type]));
}

/** The roles with this number: two have the same. */
export function typesWithRole(id: string | undefined): EnrollmentType[] {
  const types = Object.keys(shortTypes) as EnrollmentType[];
  return types.filter((type) => String(roleIds[type]) === id);
}

/** One enrollment in a list of users (contract §5.3), its section only where that is not hidden. */
export function presentEnrollment(
  enrollment: EnrollmentRow,
  { origin, hidesSection = false }: { readonly origin: string; readonly hidesSection?: boolean },
): Json {
  const { courseId, userId, type } = enrollment;
  return {
    id: idNumber(enrollment.id),
    user_id: idNumber(userId),
    course_id: idNumber(courseId),
    type,
    created_at: wireTime(enrollment.createdAt),
    updated_at: wireTime(enrollment.updatedAt),
    associated_user_id: enrollment.associatedUserId === null ? null : idNumber(enrollment.associatedUserId),
    start_at: wireTime(enrollment.startAt),
    end_at: wireTime(enrollment.endAt),
    course_section_id: hidesSection ? undefined : idNumber(enrollment.sectionId),
    root_account_id: 1,
    limit_privileges_to_course_section: enrollment.limitsToSection === 1,
    enrollment_state: enrollment.state,
    role: type,
    role_id: roleIds[type],
    last_activity_at: null,
    last_attended_at: null,
    total_activity_time: 0,
    html_url: `${origin}/courses/${courseId}/users/${userId}`,
    grades:
      type === 'StudentEnrollment'
        ? { html_url: `${origin}/courses/${courseId}/grades/${userId}` }
        : undefined,
  };
}

/** One of the caller's own enrollments in a course (contract §5.2). */
export function presentOwnEnrollment({ type, state, userId, limitsToSection }: EnrollmentRow): Json {
  return {
    type: shortTypes[type],
    role: type,
    role_id: roleIds[type],
    user_id: idNumber(userId),
    enrollment_state: state,
    limit_privileges_to_course_section: limitsToSection === 1,
  };
}
