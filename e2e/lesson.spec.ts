import { test } from './fixtures/test.ts';
import { describeWholeLesson } from './fixtures/whole-lesson.ts';

describeWholeLesson(test);
