// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "train/detail/clock.h"
#include "train/detail/schedule.h"

using namespace lathe::train;

class TestSchedule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linearAsTransformersHasIt() {
        // get_linear_schedule_with_warmup(num_warmup_steps=2, num_training_steps=10) at lambda steps 2..9, by hand.
        const Schedule schedule{.peak = 0.8, .warmupSteps = 2, .totalSteps = 10, .decay = Decay::Linear};
        QCOMPARE(learningRateAt(schedule, 1), 0.4);
        QCOMPARE(learningRateAt(schedule, 2), 0.8);
        for (int k = 2; k < 10; ++k)
            QVERIFY(std::abs(learningRateAt(schedule, k + 1) - 0.8 * (10 - k) / 8.0) < 1e-12);
    }

    void noWarmup() {
        const Schedule schedule{.peak = 1, .warmupSteps = 0, .totalSteps = 4, .decay = Decay::Linear};
        QCOMPARE(learningRateAt(schedule, 1), 1.0);
        QCOMPARE(learningRateAt(schedule, 4), 0.25);
    }

    void cosineAndConstant() {
        const Schedule cosine{.peak = 2, .warmupSteps = 0, .totalSteps = 4, .decay = Decay::Cosine};
        QCOMPARE(learningRateAt(cosine, 1), 2.0);
        QVERIFY(std::abs(learningRateAt(cosine, 3) - 1.0) < 1e-12);  // half way: half the peak
        const Schedule constant{.peak = 2, .warmupSteps = 1, .totalSteps = 4, .decay = Decay::Constant};
        QCOMPARE(learningRateAt(constant, 4), 2.0);
    }

    void neverNegativePastTheEnd() {
        const Schedule schedule{.peak = 1, .warmupSteps = 0, .totalSteps = 4, .decay = Decay::Linear};
        QCOMPARE(learningRateAt(schedule, 9), 0.0);
    }

    void allWarmup() {
        const Schedule schedule{.peak = 1, .warmupSteps = 4, .totalSteps = 4, .decay = Decay::Linear};
        QCOMPARE(learningRateAt(schedule, 4), 1.0);
    }

    void rateForgets() {
        SmoothedRate rate(1);
        QVERIFY(std::isnan(rate.perSecond()));
        rate.add(100, 1);
        QCOMPARE(rate.perSecond(), 100.0);
        for (int i = 0; i < 20; ++i)
            rate.add(300, 1);
        QVERIFY(std::abs(rate.perSecond() - 300) < 0.01);
    }

    void clockLeavesPausesOut() {
        RunClock clock(10);
        clock.pause(4);
        QVERIFY(clock.elapsed() >= 6 && clock.elapsed() < 7);
    }
};

QTEST_GUILESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
