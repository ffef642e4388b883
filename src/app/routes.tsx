import { Suspense, useEffect } from 'react';
import { Redirect, Route, Switch, useLocation, useParams } from 'wouter';
import type { AssessmentKey, CourseId } from '#domain/ids.ts';
import { useAccount } from '#features/account-context.ts';
import {
  coursesPath,
  outboxPath,
  setUpCheckPath,
  settingsPath,
  signInScreenPath,
  unescapePart,
} from '#features/paths.ts';
import { systemClock } from '#lib/clock.ts';
import { preloadSheet } from '#ui/sheet.tsx';
import { ClassRoute } from './class-route.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { rememberRoute } from './last-route.ts';
import { lazyPart, lazyScreen } from './lazy-screen.tsx';
import { NotFoundScreen } from './not-found-screen.tsx';
import { UpdateOffer } from './update-offer.tsx';

const courses = lazyScreen(async () => (await import('#features/courses/courses-screen.tsx')).CoursesScreen);
const assessments = lazyScreen(async () => (await import('./choose-route.tsx')).ChooseRoute);
const outbox = lazyScreen(async () => (await import('#features/outbox/outbox-screen.tsx')).OutboxScreen);
const settings = lazyScreen(
  async () => (await import('#features/settings/settings-screen.tsx')).SettingsScreen,
);
const setUpCheck = lazyScreen(
  async () => (await import('#features/set-up-check/set-up-check-screen.tsx')).SetUpCheckScreen,
);
const signIn = lazyScreen(async () => (await import('#features/sign-in/sign-in-screen.tsx')).SignInScreen);

const DeviceNotes = lazyPart(async () => (await import('#features/outbox/device-notes.tsx')).DeviceNotes);

/** The screens of one account. The marking grid is in the first load; the rest comes with its first visit. */
export function Routes() {
  const [location] = useLocation();
  const { store } = useAccount();

  useEffect(() => {
    rememberRoute(store, { path: location, at: systemClock.wallMs() });
  }, [store, location]);
  useEffect(preloadWhenIdle, []);

  return (
    <ErrorBoundary resetOn={location}>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/courses/:course/:key">
            <ClassAddress />
          </Route>
          <Route>
            <UpdateOffer />
            <Suspense fallback={null}>
              <DeviceNotes />
            </Suspense>
            <Switch>
              <Route path={coursesPath} component={courses.Screen} />
              <Route path="/courses/:course" component={assessments.Screen} />
              <Route path={outboxPath} component={outbox.Screen} />
              <Route path={settingsPath} component={settings.Screen} />
              <Route path={setUpCheckPath} component={setUpCheck.Screen} />
              <Route path={signInScreenPath}>
                <signIn.Screen />
              </Route>
              <Route path="/index.html">
                <Redirect to={coursesPath} replace />
              </Route>
              <Route component={NotFoundScreen} />
            </Switch>
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}

function ClassAddress() {
  const { course, key } = useParams<{ course: string; key: string }>();
  const courseId = unescapePart(course);
  const assessmentKey = unescapePart(key);
  if (courseId === undefined || assessmentKey === undefined) return <NotFoundScreen />;
  return (
    <ClassRoute
      key={`${courseId}/${assessmentKey}`}
      course={courseId as CourseId}
      assessmentKey={assessmentKey as AssessmentKey}
    />
  );
}

/** Fetches the other screens when the grid has had its turn, so that they open at once and with no network. */
function preloadWhenIdle(): () => void {
  const timer = setTimeout(() => {
    for (const screen of [courses, assessments, outbox, settings, signIn]) void screen.preload();
    void preloadSheet();
  }, 2_000);
  return () => {
    clearTimeout(timer);
  };
}
