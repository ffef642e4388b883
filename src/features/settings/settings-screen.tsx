import { coursesPath, outboxPath } from '#features/paths.ts';
import { IconLink } from '#ui/button-link.tsx';
import { OutboxIcon } from '#ui/icons.tsx';
import { PageFrame } from '#ui/page-frame.tsx';
import { AboutSetting } from './about-setting.tsx';
import { AccountSetting } from './account-setting.tsx';
import { DeviceSetting } from './device-setting.tsx';
import { DevicesSetting } from './devices-setting.tsx';
import { HoldBackSetting } from './hold-back-setting.tsx';
import { SetUpSetting } from './set-up-setting.tsx';
import { ThemeSetting } from './theme-setting.tsx';
import './settings-screen.css';

export function SettingsScreen() {
  return (
    <PageFrame
      title="Settings"
      back={{ href: coursesPath, label: 'All courses' }}
      actions={
        <IconLink href={outboxPath} label="Outbox">
          <OutboxIcon />
        </IconLink>
      }
    >
      <HoldBackSetting />
      <ThemeSetting />
      <DeviceSetting />
      <AccountSetting />
      <DevicesSetting />
      <SetUpSetting />
      <AboutSetting />
    </PageFrame>
  );
}
