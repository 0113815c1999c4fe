// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "train/detail/clock.h"
#include "train/detail/plateau.h"
#include "train/detail/schedule.h"

using namespace lathe::train;

class TestSchedule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linearAsTransformersHasIt() {
        // get_linear_schedule_with_warmup(num_warmup_steps=2, num_training_steps=10) at lambda steps 2..9, by hand.
        const Schedule schedule{.peak = 0.8, .warmupSteps = 2, .totalSteps = 10, .curve = rateCurve("linear")};
        QCOMPARE(learningRateAt(schedule, 1), 0.4);
        QCOMPARE(learningRateAt(schedule, 2), 0.8);
        for (int k = 2; k < 10; ++k)
            QVERIFY(std::abs(learningRateAt(schedule, k + 1) - 0.8 * (10 - k) / 8.0) < 1e-12);
    }

    /// Rates of the steps 0 to 11 by Transformers 5.12.1's get_*_schedule_with_warmup: peak 0.8, 3 steps of warm-up,
    /// 12 in all. Ours begins at the rate of step 1, because that of step 0 is zero.
    void curvesAsTransformersHasThem_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("timescale");
        QTest::addColumn<QVector<double>>("expected");
        QTest::newRow("linear") << "linear" << 0
                                << QVector<double>{0.8,          0.7111111111, 0.6222222222, 0.5333333333, 0.4444444444,
                                                   0.3555555556, 0.2666666667, 0.1777777778, 0.08888888889};
        QTest::newRow("cosine") << "cosine" << 0
                                << QVector<double>{0.8, 0.7758770483,  0.7064177772, 0.6, 0.4694592711, 0.3305407289,
                                                   0.2, 0.09358222275, 0.02412295169};
        QTest::newRow("constant") << "constant" << 0 << QVector<double>{0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8};
        QTest::newRow("polynomial, power 2 to 0.05")
            << "polynomial" << 0
            << QVector<double>{0.8,          0.6425925926, 0.5037037037,  0.3833333333, 0.2814814815,
                               0.1981481481, 0.1333333333, 0.08703703704, 0.05925925926};
        QTest::newRow("inverse square root")
            << "inverse_sqrt" << 0
            << QVector<double>{0.8,          0.692820323,  0.6196773354, 0.5656854249, 0.5237229366,
                               0.4898979486, 0.4618802154, 0.438178046,  0.4177863743};
        QTest::newRow("inverse square root, 7 steps")
            << "inverse_sqrt" << 7
            << QVector<double>{0.8,          0.7483314774, 0.705533683,  0.6693280212, 0.6381792282,
                               0.6110100927, 0.5870395086, 0.5656854249, 0.5465040409};
    }
    void curvesAsTransformersHasThem() {
        QFETCH(QString, id);
        QFETCH(int, timescale);
        QFETCH(QVector<double>, expected);
        const Schedule schedule{.peak = 0.8,
                                .warmupSteps = 3,
                                .totalSteps = 12,
                                .curve = rateCurve(id.toStdString()),
                                .endRate = 0.05,
                                .power = 2,
                                .timescale = timescale};
        for (int step = 1; step <= 3; ++step)
            QVERIFY(std::abs(learningRateAt(schedule, step) - 0.8 * step / 3) < 1e-12);
        for (int step = 4; step <= 12; ++step)
            QVERIFY2(std::abs(learningRateAt(schedule, step) - expected[step - 4]) < 1e-9,
                     qPrintable(QString("step %1: %2").arg(step).arg(learningRateAt(schedule, step))));
        QVERIFY(learningRateAt(schedule, 50) >= 0);
    }

    void inverseSqrtWithoutWarmup() {
        const Schedule schedule{.peak = 0.8, .totalSteps = 12, .curve = rateCurve("inverse_sqrt")};
        QCOMPARE(learningRateAt(schedule, 1), 0.8);
        QVERIFY(std::abs(learningRateAt(schedule, 12) - 0.7995603627) < 1e-9);
    }

    /// The rates that torch 2.14.1's ReduceLROnPlateau gives after each of these values, starting from 1.
    void plateauAsTorchHasIt() {
        Plateau higher({.factor = 0.5, .patience = 2});
        const QVector<double> scores{0.5, 0.6, 0.6, 0.6, 0.59, 0.6, 0.7, 0.7, 0.7, 0.70001, 0.7, 0.7, 0.7, 0.7, 0.7};
        const QVector<double> rates{1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125};
        for (int i = 0; i < scores.size(); ++i) {
            higher.note(scores[i], true);
            QCOMPARE(higher.factor(), rates[i]);
        }
        Plateau lower({.factor = 0.1, .patience = 1});
        const QVector<double> losses{3, 2, 2, 1.99995, 1.99, 1.5, 1.6, 1.7, 1.8, 1.9};
        const QVector<double> falling{1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001};
        for (int i = 0; i < losses.size(); ++i) {
            lower.note(losses[i], false);
            QVERIFY(std::abs(lower.factor() - falling[i]) < 1e-15);
        }
    }

    void plateauGoesOnFromItsState() {
        Plateau whole({.factor = 0.5, .patience = 1}), first({.factor = 0.5, .patience = 1});
        for (const double value : {1.0, 1.0}) {
            whole.note(value, true);
            first.note(value, true);
        }
        Plateau second({.factor = 0.5, .patience = 1});
        second.restore(first.state());
        whole.note(1.0, true);
        second.note(1.0, true);
        QCOMPARE(whole.factor(), 0.5);
        QCOMPARE(second.factor(), 0.5);
        Plateau fresh({});
        Plateau empty({});
        empty.restore(fresh.state());  // there is no best value yet
        empty.note(std::nan(""), true);
        empty.note(0.1, true);
        QCOMPARE(empty.factor(), 1.0);
    }

    void noWarmup() {
        const Schedule schedule{.peak = 1, .warmupSteps = 0, .totalSteps = 4, .curve = rateCurve("linear")};
        QCOMPARE(learningRateAt(schedule, 1), 1.0);
        QCOMPARE(learningRateAt(schedule, 4), 0.25);
    }

    void cosineAndConstant() {
        const Schedule cosine{.peak = 2, .warmupSteps = 0, .totalSteps = 4, .curve = rateCurve("cosine")};
        QCOMPARE(learningRateAt(cosine, 1), 2.0);
        QVERIFY(std::abs(learningRateAt(cosine, 3) - 1.0) < 1e-12);  // half way: half the peak
        const Schedule constant{.peak = 2, .warmupSteps = 1, .totalSteps = 4, .curve = rateCurve("constant")};
        QCOMPARE(learningRateAt(constant, 4), 2.0);
    }

    void neverNegativePastTheEnd() {
        const Schedule schedule{.peak = 1, .warmupSteps = 0, .totalSteps = 4, .curve = rateCurve("linear")};
        QCOMPARE(learningRateAt(schedule, 9), 0.0);
    }

    void allWarmup() {
        const Schedule schedule{.peak = 1, .warmupSteps = 4, .totalSteps = 4, .curve = rateCurve("linear")};
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
