import { describeCanvasContract } from '#testing/canvas-contract/describe-canvas-contract.ts';
import { openSchoolSubject } from '#testing/canvas-contract/school-subject.ts';

describeCanvasContract('the embedded school', () => openSchoolSubject());
