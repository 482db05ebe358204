import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewOnboarding, Onboarding, OnboardingChange, pageOf, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { OnboardingQuery } from '../queries.js';

export const OnboardingPage = pageOf(Onboarding);

@Resource('onboardings')
export class OnboardingsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/onboarding.write',
    summary: 'Begin an onboarding',
    status: 201,
    location: 'onboardings',
    answer: Onboarding,
  })
  createOnboarding(@BusinessKey() key: string, @Body() fresh: NewOnboarding): Promise<Onboarding> {
    return this.hcm.onboardings.create(key, fresh);
  }

  @Endpoint('PATCH :id', { scope: 'hcm/onboarding.write', summary: 'Take an onboarding further', answer: Onboarding })
  changeOnboarding(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: OnboardingChange,
  ): Promise<Onboarding> {
    return this.hcm.onboardings.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/onboarding.read', summary: 'Read an onboarding', answer: Onboarding })
  readOnboarding(@Param('id') id: string): Promise<Onboarding> {
    return this.hcm.onboardings.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/onboarding.read',
    summary: 'List onboardings by worker and state',
    answer: OnboardingPage,
  })
  listOnboardings(@Query() query: OnboardingQuery): Promise<Page<Onboarding>> {
    return this.hcm.onboardings.list(query);
  }
}
