// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// LivePlot's way out: pictures for papers, numbers for spreadsheets.
#include <fmt/format.h>
#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>
#include <map>

#include "plots/live_plot_impl.h"

namespace lathe::plots {

namespace {

std::string cell(const QString& text) {
    QString quoted = text;
    quoted.replace(QLatin1Char('"'), QLatin1String("\"\""));
    return "\"" + quoted.toStdString() + "\"";
}

}  // namespace

QString LivePlot::Impl::csv() const {
    // One row a step, one column a curve; a curve without a value there leaves its cell empty.
    std::map<double, std::vector<double>> rows;
    for (std::size_t i = 0; i < series.size(); ++i) {
        for (const QPointF& point : series[i].points) {
            auto& row = rows[point.x()];
            row.resize(series.size(), std::numeric_limits<double>::quiet_NaN());
            row[i] = point.y();
        }
    }
    std::string out = "step";
    for (const auto& s : series)
        out += "," + cell(s.name);
    out += "\n";
    for (const auto& [x, values] : rows) {
        out += fmt::format("{}", x);
        for (const double value : values)
            out += std::isfinite(value) ? fmt::format(",{}", value) : ",";
        out += "\n";
    }
    return QString::fromStdString(out);
}

Result<> LivePlot::exportTo(const QString& path) const {
    const QString kind = QFileInfo(path).suffix().toLower();
    const int width = std::max(640, m_impl->plot->width());
    const int height = std::max(360, m_impl->plot->height());
    bool done = false;
    m_impl->dressForExport(true);
    if (kind == QLatin1String("png")) {
        done = m_impl->plot->savePng(path, width, height, 2.0);
    } else if (kind == QLatin1String("pdf")) {
        done = m_impl->plot->savePdf(path, width, height);
    } else if (kind == QLatin1String("svg")) {
        QSvgGenerator generator;
        generator.setFileName(path);
        generator.setSize({width, height});
        generator.setViewBox(QRect(0, 0, width, height));
        generator.setTitle(m_impl->title);
        QCPPainter painter;
        done = painter.begin(&generator);
        if (done) {
            m_impl->plot->toPainter(&painter, width, height);
            done = painter.end();
        }
    } else if (kind == QLatin1String("csv")) {
        QSaveFile file(path);
        done = file.open(QIODevice::WriteOnly) && file.write(m_impl->csv().toUtf8()) >= 0 && file.commit();
    } else {
        m_impl->dressForExport(false);
        return fail(ErrorCode::InvalidInput,
                    fmt::format("\"{}\" is not a kind of picture or table: end the name with .png, .svg, .pdf or .csv",
                                kind.toStdString()));
    }
    m_impl->dressForExport(false);
    m_impl->plot->replot(QCustomPlot::rpQueuedReplot);
    if (!done)
        return fail(ErrorCode::Io, fmt::format("{} could not be written: choose another folder", path.toStdString()));
    return {};
}

void LivePlot::exportWithDialog() {
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save the curves"), QStringLiteral("curves.png"),
                                     tr("Picture (*.png);;Drawing (*.svg);;Document (*.pdf);;Table (*.csv)"));
    if (path.isEmpty())
        return;
    if (const auto result = exportTo(path); !result)
        Q_EMIT exportFailed(QString::fromStdString(result.error().message));
}

}  // namespace lathe::plots
