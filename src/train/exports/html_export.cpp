// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A run as one page that needs nothing else: what was trained on what, how it went, the curves as SVG. Light and dark.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/files.h"
#include "train/run_export.h"

namespace lathe::train {
namespace {

constexpr int kWidth = 640, kHeight = 220, kLeft = 56, kBottom = 28, kTop = 12, kRight = 12;
constexpr std::size_t kNoisyPoints = 200;  // above it a curve is drawn twice: raw and smoothed
constexpr std::size_t kMostPoints = 1200;  // of a curve in the picture: more than it has pixels

constexpr const char* kStyle = R"css(
:root { --canvas:#f6f7f9; --surface:#fff; --line:#e1e5eb; --text:#1a1f27; --muted:#5b6573; --one:#0072b2; --two:#d55e00; }
@media (prefers-color-scheme: dark) { :root { --canvas:#14171c; --surface:#1b1f26; --line:#2e3540; --text:#e8ecf2;
  --muted:#a3aebd; --one:#56b4e9; --two:#e69f00; } }
body { margin:0; padding:32px 16px; background:var(--canvas); color:var(--text);
  font:14px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
main { max-width:720px; margin:0 auto; }
h1 { font-size:22px; margin:0 0 4px; } h2 { font-size:16px; margin:28px 0 8px; } p { margin:0; color:var(--muted); }
section { background:var(--surface); border:1px solid var(--line); border-radius:6px; padding:16px; overflow-x:auto; }
dl { display:flex; flex-wrap:wrap; gap:16px 32px; margin:16px 0 0; } dt { color:var(--muted); font-size:12px; }
dd { margin:0; font-size:22px; font-variant-numeric:tabular-nums; }
table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums; }
td, th { text-align:left; padding:4px 12px 4px 0; border-bottom:1px solid var(--line); vertical-align:top; }
td { overflow-wrap:anywhere; } th { color:var(--muted); font-weight:normal; }
svg text { font-size:11px; fill:var(--muted); } svg .axis { stroke:var(--line); } svg .one { stroke:var(--one); }
svg .two { stroke:var(--two); stroke-dasharray:6 3; } svg polyline { fill:none; stroke-width:1.75; }
svg .raw { opacity:.3; stroke-width:1; }
.key::before { content:""; display:inline-block; width:24px; border-top:2px solid var(--one); margin:0 8px 4px 16px; }
.key.two::before { border-top:2px dashed var(--two); } figure { margin:0; } figcaption { margin-bottom:4px; }
)css";

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string number(double value) {
    const double size = std::abs(value);
    if (size >= 1e6 || (size != 0 && size < 1e-3))
        return fmt::format("{:.3g}", value);
    if (size >= 1000)
        return fmt::format("{:.0f}", value);
    return fmt::format("{:.4g}", value);
}

/// 1, 2 or 5 times a power of ten, so that \p range has three to six such steps.
double roundStep(double range) {
    const double power = std::pow(10, std::floor(std::log10(range / 4)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (range / (factor * power) <= 6)
            return factor * power;
    return 10 * power;
}

/// Exponential moving average over about a hundredth of the curve, its beginning not drawn to zero.
std::vector<RunCurve::Point> smoothed(std::vector<RunCurve::Point> points) {
    const double keep = 1 - 100.0 / static_cast<double>(points.size());
    double sum = 0, weight = 0;
    for (auto& point : points) {
        sum = keep * sum + (1 - keep) * point.value;
        weight = keep * weight + (1 - keep);
        point.value = sum / weight;
    }
    return points;
}

/// Neighbours joined to their lowest and highest, so that a spike stays visible.
std::vector<RunCurve::Point> thinned(const std::vector<RunCurve::Point>& points) {
    if (points.size() <= kMostPoints)
        return points;
    std::vector<RunCurve::Point> result;
    const std::size_t group = 2 * points.size() / kMostPoints + 1;
    for (std::size_t begin = 0; begin < points.size(); begin += group) {
        const auto first = points.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = points.begin() + static_cast<std::ptrdiff_t>(std::min(points.size(), begin + group));
        auto [low, high] = std::minmax_element(
            first, last, [](const RunCurve::Point& a, const RunCurve::Point& b) { return a.value < b.value; });
        if (high < low)
            std::swap(low, high);
        result.push_back(*low);
        if (high != low)
            result.push_back(*high);
    }
    return result;
}

/// One picture with one or two curves on the same axes.
std::string picture(const std::string& title, const std::vector<const RunCurve*>& curves,
                    const std::vector<std::string>& names) {
    double low = INFINITY, high = -INFINITY;
    std::int64_t first = INT64_MAX, last = 0;
    for (const RunCurve* curve : curves)
        for (const auto& point : curve->points) {
            low = std::min(low, point.value);
            high = std::max(high, point.value);
            first = std::min(first, point.step);
            last = std::max(last, point.step);
        }
    if (high - low < 1e-12) {
        low -= std::max(1e-3, std::abs(low) / 10);
        high += std::max(1e-3, std::abs(high) / 10);
    }
    const double steps = std::max<double>(1, static_cast<double>(last - first));
    const auto x = [&](std::int64_t step) {
        return kLeft + static_cast<double>(step - first) / steps * (kWidth - kLeft - kRight);
    };
    const auto y = [&](double value) { return kTop + (high - value) / (high - low) * (kHeight - kTop - kBottom); };
    std::string svg = fmt::format("<figure><figcaption>{}", escaped(title));
    for (std::size_t i = 0; curves.size() > 1 && i < curves.size(); ++i)
        svg += fmt::format("<span class=\"key{}\">{}</span>", i == 0 ? "" : " two", escaped(names[i]));
    svg += fmt::format("</figcaption><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", kWidth, kHeight,
                       escaped(title));
    const double tick = roundStep(high - low);
    for (double value = std::ceil(low / tick) * tick; value <= high + tick * 1e-6; value += tick) {
        svg += fmt::format("<line class=\"axis\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", kLeft,
                           kWidth - kRight, y(value), y(value));
        svg += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", kLeft - 8, y(value) + 4,
                           number(std::abs(value) < tick * 1e-6 ? 0 : value));
    }
    for (const std::int64_t step : {first, (first + last) / 2, last})
        svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                           std::min<double>(x(step), kWidth - 24), kHeight - 8, step);
    for (std::size_t i = 0; i < curves.size(); ++i) {
        const auto line = [&](const std::vector<RunCurve::Point>& points, const char* kind) {
            svg += fmt::format("<polyline class=\"{}{}\" points=\"", i == 0 ? "one" : "two", kind);
            for (const auto& point : thinned(points))
                svg += fmt::format("{:.1f},{:.1f} ", x(point.step), y(point.value));
            svg += "\"/>";
        };
        // A value a step is noise and trend: both are shown, the trend on top.
        const bool noisy = curves[i]->points.size() > kNoisyPoints && curves[i]->name != "learning_rate";
        line(curves[i]->points, noisy ? " raw" : "");
        if (noisy)
            line(smoothed(curves[i]->points), "");
    }
    return svg + "</svg></figure>";
}

std::string table(const Json& object) {
    std::string rows;
    for (const auto& [key, value] : object.items()) {
        if (value.is_null() || (value.is_structured() && value.empty()))
            continue;
        const std::string cell = value.is_string()         ? value.get<std::string>()
                                 : value.is_number_float() ? number(value.get<double>())
                                                           : toLine(value);
        rows += fmt::format("<tr><th>{}</th><td>{}</td></tr>", escaped(key), escaped(cell));
    }
    return rows.empty() ? std::string() : "<table>" + rows + "</table>";
}

class Page {
public:
    Page(const ExportedRun& run, const ReportWords& words)
        : m_run(run), m_words(words), m_curves(curvesOf(run.reports)) {}

    std::string html() {
        std::string page = fmt::format(
            "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
            "content=\"width=device-width\"><title>{0}</title><style>{1}</style></head><body><main>"
            "<h1>{0}</h1><p>{2}</p>",
            escaped(m_run.project.empty() ? m_run.id : m_run.project + ": " + m_run.id), kStyle,
            escaped(m_run.snapshot.empty() ? m_run.status : m_run.status + " · " + m_run.snapshot));
        page += headline();
        page += curves();
        page += events();
        section(page, "Settings", table(m_run.config.is_object() ? flat(m_run.config) : Json::object()));
        section(page, "Outcome", table(m_run.summary.is_object() ? m_run.summary : Json::object()));
        return page + "</main></body></html>\n";
    }

private:
    std::string word(const char* english) const { return m_words ? m_words(english) : english; }

    void section(std::string& page, const char* title, const std::string& content) const {
        if (!content.empty())
            page += fmt::format("<h2>{}</h2><section>{}</section>", escaped(word(title)), content);
    }

    /// The options lie one level deeper: they are what the reader looks for.
    static Json flat(const Json& config) {
        Json result = Json::object();
        for (const auto& [key, value] : config.items()) {
            if (value.is_object())
                result.update(value);
            else
                result[key] = value;
        }
        return result;
    }

    const RunCurve* curve(std::string_view phase, std::string_view name) const {
        const auto found = std::ranges::find_if(
            m_curves, [&](const RunCurve& each) { return each.phase == phase && each.name == name; });
        return found == m_curves.end() ? nullptr : &*found;
    }

    std::string headline() const {
        std::string tiles;
        const auto tile = [&](const char* title, const std::string& value) {
            tiles += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escaped(word(title)), value);
        };
        const auto best = [&](const char* title, const char* name, bool highest) {
            const RunCurve* found = curve("train", name);
            if (!found)
                return;
            const auto less = [](const RunCurve::Point& a, const RunCurve::Point& b) { return a.value < b.value; };
            const auto& point = highest ? *std::ranges::max_element(found->points, less)
                                        : *std::ranges::min_element(found->points, less);
            tile(title, number(point.value));
        };
        best("Best dev accuracy", "dev_accuracy", true);
        best("Best dev macro-F1", "dev_macro_f1", true);
        best("Lowest dev loss", "dev_loss", false);
        if (!m_run.reports.empty()) {
            tile("Steps", std::to_string(m_run.reports.back().step));
            tile("Seconds", number(m_run.reports.back().elapsedSeconds));
        }
        return tiles.empty() ? std::string() : "<dl>" + tiles + "</dl>";
    }

    std::string curves() const {
        std::vector<std::string> phases;
        for (const RunCurve& each : m_curves)
            if (std::ranges::find(phases, each.phase) == phases.end())
                phases.insert(each.phase == "train" ? phases.begin() : phases.end(), each.phase);
        std::string page;
        for (const std::string& phase : phases) {
            std::string pictures;
            const auto draw = [&](const char* title, const char* one, const char* two) {
                std::vector<const RunCurve*> found;
                std::vector<std::string> names;
                for (const char* name : {one, two})
                    if (const RunCurve* each = *name != '\0' ? curve(phase, name) : nullptr) {
                        found.push_back(each);
                        names.push_back(word(std::string_view(name).starts_with("dev") ? "dev" : "training"));
                    }
                if (!found.empty())
                    pictures += picture(word(title), found, names);
            };
            draw("Loss", "train_loss", "dev_loss");
            draw("Accuracy", "train_accuracy", "dev_accuracy");
            draw("Macro-F1", "dev_macro_f1", "");
            draw("Learning rate", "learning_rate", "");
            draw("Gradient norm", "grad_norm", "");
            draw("Tokens a second", "tokens_per_second", "");
            section(page, phase == "train" ? "Curves" : "Curves of the pre-training", pictures);
        }
        return page;
    }

    std::string events() const {
        std::string rows;
        for (const StepReport& report : m_run.reports)
            if (!report.event.empty())
                rows += fmt::format("<tr><th>{}</th><td>{}</td></tr>", report.step, escaped(report.note));
        std::string page;
        section(page, "What happened", rows.empty() ? rows : "<table>" + rows + "</table>");
        return page;
    }

    const ExportedRun& m_run;
    const ReportWords& m_words;
    const std::vector<RunCurve> m_curves;
};

Result<> writeHtml(const ExportedRun& run, const std::filesystem::path& target, const ReportWords& words) {
    return writeFileAtomically(target, Page(run, words).html());
}

}  // namespace

RunExportEntry htmlExport() {
    return {.id = "html", .title = "Report (one HTML page)", .extension = "html", .write = writeHtml};
}

}  // namespace lathe::train
