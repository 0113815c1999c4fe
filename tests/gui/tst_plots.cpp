// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LivePlot: what is drawn, what is kept, zoom and fit, many points, exports.
#include <QtTest>

#include <QElapsedTimer>
#include <QWheelEvent>

#include <cmath>
#include <vector>

#include "gui/support/gui_support.h"
#include "plots/live_plot.h"
#include "widgets/theme.h"

using namespace lathe;
using plots::LivePlot;

namespace {

std::unique_ptr<LivePlot> shown(QSize size = {640, 360}) {
    auto plot = std::make_unique<LivePlot>();
    plot->setTitle(QStringLiteral("Loss"));
    plot->resize(size);
    plot->show();
    return plot;
}

/// Pixels of about this colour: antialiased edges do not count.
int pixelsOf(QWidget& widget, const QColor& colour) {
    const QImage image = widget.grab().toImage();
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            count += std::abs(pixel.red() - colour.red()) + std::abs(pixel.green() - colour.green()) +
                         std::abs(pixel.blue() - colour.blue()) <
                     24;
        }
    }
    return count;
}

void wheel(LivePlot& plot, QPointF at, int delta) {
    auto* curves = plot.findChild<QWidget*>(QStringLiteral("curves"));
    QWheelEvent event(at, curves->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(curves, &event);
}

}  // namespace

class TestPlots : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSinglePointIsVisible();
    void aResumedRunReplacesItsLastSteps();
    void valuesThatAreNotNumbersAreLeftOut();
    void manyPointsAreThinnedButTheirExtremesStay();
    void wheelZoomsAndDoubleClickFits();
    void linkedPlotsShowTheSameSteps();
    void theSectionIsNotPartOfTheMainView();
    void logarithmicScaleByKey();
    void crosshairReadsTheNearestPoints();
    void coloursFollowTheTheme();
    void exportsPicturesAndNumbers();
};

void TestPlots::aSinglePointIsVisible() {
    auto plot = shown();
    const int dev = plot->addSeries(QStringLiteral("Dev"), {.colour = 1});
    QTest::qWait(30);
    const QColor colour = widgets::theme().series[1];
    const int before = pixelsOf(*plot->findChild<QWidget*>(QStringLiteral("curves")), colour);
    const QPointF one(7, 0.5);
    plot->append(dev, std::span(&one, 1));
    QTest::qWait(30);
    QVERIFY(pixelsOf(*plot->findChild<QWidget*>(QStringLiteral("curves")), colour) >= before + 8);
}

void TestPlots::aResumedRunReplacesItsLastSteps() {
    auto plot = shown();
    const int loss = plot->addSeries(QStringLiteral("Loss"), {});
    const std::vector<QPointF> first{{1, 5}, {2, 4}, {3, 3}, {4, 2}};
    const std::vector<QPointF> again{{3, 2.5}, {4, 1.5}, {5, 1}};
    plot->append(loss, first);
    plot->append(loss, again);
    const std::vector<QPointF> expected{{1, 5}, {2, 4}, {3, 2.5}, {4, 1.5}, {5, 1}};
    QCOMPARE(plot->points(loss), expected);
}

void TestPlots::valuesThatAreNotNumbersAreLeftOut() {
    auto plot = shown();
    const int loss = plot->addSeries(QStringLiteral("Loss"), {});
    const std::vector<QPointF> points{{1, std::nan("")}, {2, 4}, {3, std::numeric_limits<double>::infinity()}};
    plot->append(loss, points);
    QCOMPARE(plot->points(loss).size(), std::size_t{1});
    QVERIFY(std::isfinite(plot->yRange().y()));
}

void TestPlots::manyPointsAreThinnedButTheirExtremesStay() {
    auto plot = shown({1000, 400});
    const int loss = plot->addSeries(QStringLiteral("Loss"), {});
    std::vector<QPointF> points;
    for (int i = 0; i < 200000; ++i)
        points.emplace_back(i, 1 + 0.1 * std::sin(i * 0.01));
    points[123456].setY(9);  // one spike in two hundred thousand
    plot->append(loss, points);
    QCOMPARE(plot->points(loss).size(), std::size_t{200000});
    QVERIFY2(plot->drawnPoints(loss) <= LivePlot::kDecimateAbove, qPrintable(QString::number(plot->drawnPoints(loss))));
    QVERIFY(plot->drawnPoints(loss) > 500);
    QVERIFY(plot->yRange().y() > 9);
    // Close to the spike every point is there again.
    plot->setXRange(123400, 123500);
    QVERIFY(plot->drawnPoints(loss) >= 100 && plot->drawnPoints(loss) <= 104);
    plot->fit();
    // A tick of a long run must not hold the window up.
    QElapsedTimer clock;
    clock.start();
    const QPointF next(200000, 1);
    plot->append(loss, std::span(&next, 1));
    plot->grab();
    QVERIFY2(clock.elapsed() < 100, qPrintable(QString::number(clock.elapsed())));
}

void TestPlots::wheelZoomsAndDoubleClickFits() {
    auto plot = shown();
    const int loss = plot->addSeries(QStringLiteral("Loss"), {});
    std::vector<QPointF> points;
    for (int i = 1; i <= 100; ++i)
        points.emplace_back(i, 1.0 / i);
    plot->append(loss, points);
    QTest::qWait(30);
    const double whole = plot->xRange().y() - plot->xRange().x();
    wheel(*plot, {320, 150}, 240);
    QVERIFY(!plot->isFollowing());
    const double zoomed = plot->xRange().y() - plot->xRange().x();
    QVERIFY2(zoomed < whole * 0.9, qPrintable(QString::number(zoomed)));
    const QPointF late(101, 0.01);
    plot->append(loss, std::span(&late, 1));
    QCOMPARE(plot->xRange().y() - plot->xRange().x(), zoomed);  // what was zoomed to stays
    QTest::mouseDClick(plot->findChild<QWidget*>(QStringLiteral("curves")), Qt::LeftButton, {}, {320, 150});
    QVERIFY(plot->isFollowing());
    QVERIFY(plot->xRange().y() >= 101);
}

void TestPlots::linkedPlotsShowTheSameSteps() {
    auto loss = shown();
    auto metric = shown();
    plots::linkPlots({loss.get(), metric.get()});
    const int a = loss->addSeries(QStringLiteral("Loss"), {});
    const int b = metric->addSeries(QStringLiteral("Accuracy"), {});
    const std::vector<QPointF> many{{1, 3}, {50, 2}, {100, 1}};
    const std::vector<QPointF> few{{20, 0.5}, {40, 0.6}};
    metric->append(b, few);
    loss->append(a, many);
    QCOMPARE(metric->xRange(), loss->xRange());
    wheel(*loss, {320, 150}, 240);
    QCOMPARE(metric->xRange(), loss->xRange());
    QVERIFY(!metric->isFollowing());
    QTest::keyClick(metric.get(), Qt::Key_Home);
    QVERIFY(loss->isFollowing() && metric->isFollowing());
    QCOMPARE(metric->xRange(), loss->xRange());
    loss.reset();  // the other one lives on without it
    metric->append(b, many);
    QCOMPARE(metric->points(b).back(), QPointF(100, 1));
}

void TestPlots::theSectionIsNotPartOfTheMainView() {
    auto plot = shown();
    const int pre = plot->addSeries(QStringLiteral("Pre-training"), {.colour = 3});
    const int loss = plot->addSeries(QStringLiteral("Loss"), {});
    plot->setSection(100, QStringLiteral("Pre-training"));
    const std::vector<QPointF> before{{-99, 8}, {-50, 6}, {0, 5}};
    plot->append(pre, before);
    QVERIFY(plot->xRange().x() <= -99);  // nothing else is there yet
    const std::vector<QPointF> after{{1, 2}, {60, 1}};
    plot->append(loss, after);
    QVERIFY(plot->xRange().x() > 0);
    QVERIFY2(plot->yRange().y() < 3, "the section's losses squeeze the main part");
    plot->setFollowMainPart(false);
    QVERIFY(plot->xRange().x() <= -99 && plot->yRange().y() >= 8);
}

void TestPlots::logarithmicScaleByKey() {
    auto plot = shown();
    const int loss = plot->addSeries(QStringLiteral("Loss"), {});
    const std::vector<QPointF> points{{1, 100}, {2, 0}, {3, 0.01}};
    plot->append(loss, points);
    QTest::keyClick(plot.get(), Qt::Key_L);
    QVERIFY(plot->isLogY());
    QVERIFY(plot->yRange().x() > 0 && plot->yRange().x() < 0.01);
    QTest::keyClick(plot.get(), Qt::Key_L);
    QVERIFY(!plot->isLogY());
}

void TestPlots::crosshairReadsTheNearestPoints() {
    auto plot = shown();
    const int loss = plot->addSeries(QStringLiteral("Loss"), {});
    const int dev = plot->addSeries(QStringLiteral("Dev"), {.colour = 1});
    const std::vector<QPointF> a{{1, 3}, {2, 2}, {3, 1}};
    const std::vector<QPointF> b{{3, 1.25}};
    plot->append(loss, a);
    plot->append(dev, b);
    QCOMPARE(plot->readout(2.9), QStringList({QStringLiteral("Loss 1"), QStringLiteral("Dev 1.25")}));
    QCOMPARE(plot->readout(1.2), QStringList({QStringLiteral("Loss 3")}));
    QVERIFY(plot->readout(50).isEmpty());
    QTest::keyClick(plot.get(), Qt::Key_Right);
    QVERIFY(!plot->accessibleDescription().isEmpty());
}

void TestPlots::coloursFollowTheTheme() {
    auto plot = shown();
    plot->addSeries(QStringLiteral("Loss"), {});
    auto* curves = plot->findChild<QWidget*>(QStringLiteral("curves"));
    QCOMPARE(curves->grab().toImage().pixelColor(3, 3), widgets::theme().surface);
    auto* application = qobject_cast<app::Application*>(qApp);
    application->setThemeName(QStringLiteral("dark"));
    QTRY_COMPARE(curves->grab().toImage().pixelColor(3, 3), widgets::theme().surface);
    QVERIFY(widgets::theme().dark);
    application->setThemeName(QStringLiteral("light"));
}

void TestPlots::exportsPicturesAndNumbers() {
    QTemporaryDir folder;
    auto plot = shown();
    const int loss = plot->addSeries(QStringLiteral("Loss, \"train\""), {});
    const int dev = plot->addSeries(QStringLiteral("Dev"), {.colour = 1});
    const std::vector<QPointF> a{{1, 0.5}, {2, 0.25}};
    const std::vector<QPointF> b{{2, 0.75}};
    plot->append(loss, a);
    plot->append(dev, b);
    for (const char* kind : {"png", "svg", "pdf", "csv"}) {
        const auto done = plot->exportTo(folder.filePath(QStringLiteral("curves.") + QString::fromLatin1(kind)));
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    }
    const auto read = [&](const char* name) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QCOMPARE(read("curves.csv"), QByteArray("step,\"Loss, \"\"train\"\"\",\"Dev\"\n1,0.5,\n2,0.25,0.75\n"));
    QVERIFY(QImage::fromData(read("curves.png")).width() >= 1280);
    QVERIFY(read("curves.svg").contains("<svg") && read("curves.svg").contains("polyline"));
    QVERIFY(read("curves.pdf").startsWith("%PDF"));
    QVERIFY(plot->exportTo(folder.filePath(QStringLiteral("curves.xyz"))).error().code == ErrorCode::InvalidInput);
    QVERIFY(plot->exportTo(QStringLiteral("/nowhere/at/all.csv")).error().code == ErrorCode::Io);
}

LATHE_GUI_TEST(TestPlots)
#include "tst_plots.moc"
