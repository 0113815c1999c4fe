// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "infer/detail/verify_training.h"

namespace lathe::infer {

namespace {

using torch::Tensor;

/// A wrong gradient must not excuse the curve that follows from it: more than this is not rounding.
constexpr double kMostRounding = 3e-6;
constexpr int kRepeats = 6;

struct Point {
    double loss = 0, norm = 0;
};

class CurveRun {
public:
    CurveRun(const VerifySubject& subject, const nn::Batch& batch, const Tensor& labels, const Json& curve)
        : m_subject(subject), m_batch(batch), m_labels(labels), m_curve(curve) {
        const Json& hyper = curve.at("hyper");
        m_options.beta1 = hyper.at("betas").at(0).get<double>();
        m_options.beta2 = hyper.at("betas").at(1).get<double>();
        m_options.eps = hyper.at("eps").get<double>();
        m_options.weightDecay = hyper.at("weight_decay").get<double>();
        m_maxNorm = hyper.at("max_grad_norm").get<double>();
        for (const auto& [name, parameter] : subject.parameters)
            m_start.push_back(parameter.detach().clone());
    }

    /// How many steps follow from what the folder holds: without the prompt's encoder, those before the first change.
    std::size_t steps() const {
        const std::size_t all = m_curve.at("loss").size();
        std::size_t still = 0;
        while (m_subject.encoded && still < all && m_curve.at("lr").at(still).get<double>() == 0)
            ++still;
        return m_subject.encoded ? std::min(all, still + 1) : all;
    }

    /// From the starting point; \p seed not 0: with each gradient moved by about its rounding.
    std::vector<Point> run(std::uint64_t seed, double rounding = 0) {
        torch::Generator generator = at::detail::createCPUGenerator(seed);
        {
            const torch::NoGradGuard noGrad;
            for (std::size_t i = 0; i < m_start.size(); ++i)
                m_subject.parameters[i].second.detach().copy_(m_start[i]);
        }
        nn::AdamW optimizer(m_subject.parameters, m_options);
        std::vector<Point> points;
        for (std::size_t i = 0; i < steps(); ++i) {
            optimizer.zeroGrad();
            const Tensor loss = m_subject.loss(m_subject.network.logits(m_batch), m_labels);
            loss.backward();
            if (seed != 0)
                shake(generator, rounding);
            points.push_back({loss.item<double>(), optimizer.gradNorm()});
            optimizer.step(m_curve.at("lr").at(i).get<double>(), nn::AdamW::clipScale(points.back().norm, m_maxNorm));
        }
        return points;
    }

private:
    void shake(torch::Generator& generator, double rounding) {
        for (const auto& [name, parameter] : m_subject.parameters) {
            Tensor gradient = parameter.grad();
            if (!gradient.defined() || gradient.numel() == 0)
                continue;
            const double size = gradient.norm().item<double>() / std::sqrt(static_cast<double>(gradient.numel()));
            const Tensor noise = torch::empty(gradient.sizes()).normal_(0, rounding * size, generator);
            gradient.add_(noise.to(gradient.device()));
        }
    }

    const VerifySubject& m_subject;
    const nn::Batch& m_batch;
    const Tensor& m_labels;
    const Json& m_curve;
    nn::AdamWOptions m_options;
    double m_maxNorm = 0;
    std::vector<Tensor> m_start;
};

double apart(double a, double b) {
    return std::isfinite(a) && std::isfinite(b) ? std::abs(a - b) : INFINITY;
}

}  // namespace

void compareTraining(const VerifySubject& subject, const nn::Batch& batch, const Tensor& labels, const Json& curve,
                     const CurveTolerance& tolerances, VerifyReport& report) {
    const double tolerance = tolerances.relative, rounding = std::min(tolerances.gradients, kMostRounding);
    CurveRun runner(subject, batch, labels, curve);
    const std::vector<Point> points = runner.run(0);
    std::vector<Point> there, spread(points.size());
    for (std::size_t i = 0; i < points.size(); ++i)
        there.push_back({curve.at("loss").at(i).get<double>(), curve.at("grad_norm").at(i).get<double>()});
    const auto isOff = [&](std::size_t i) {
        return apart(points[i].loss, there[i].loss) > tolerance * std::abs(there[i].loss) ||
               (!subject.encoded && apart(points[i].norm, there[i].norm) > tolerance * std::abs(there[i].norm));
    };
    std::size_t loose = 0;
    for (std::size_t i = 0; i < points.size(); ++i)
        loose += isOff(i) ? 1 : 0;
    for (int repeat = 1; loose > 0 && repeat <= kRepeats; ++repeat) {
        const std::vector<Point> moved = runner.run(static_cast<std::uint64_t>(repeat), rounding);
        for (std::size_t i = 0; i < points.size(); ++i) {
            spread[i].loss = std::max(spread[i].loss, std::abs(moved[i].loss - points[i].loss));
            spread[i].norm = std::max(spread[i].norm, std::abs(moved[i].norm - points[i].norm));
        }
    }
    double widest = 0;
    for (std::size_t i = 0; i < points.size(); ++i) {
        // both sides stray from the exact curve, so twice what rounding moves one of them by
        report.check(fmt::format("loss of step {}", i), apart(points[i].loss, there[i].loss),
                     tolerance * std::abs(there[i].loss) + 2 * spread[i].loss);
        if (subject.encoded)
            continue;
        report.check(fmt::format("gradient norm of step {}", i), apart(points[i].norm, there[i].norm),
                     tolerance * std::abs(there[i].norm) + 2 * spread[i].norm);
        if (isOff(i))
            widest = std::max(widest, apart(points[i].norm, there[i].norm) / std::abs(there[i].norm));
    }
    report.note(loose == 0 ? fmt::format("{} training steps", points.size())
                           : fmt::format("{} training steps ({} of them within {:.1e}, as far as float32 fixes them)",
                                         points.size(), loose, widest));
}

}  // namespace lathe::infer
