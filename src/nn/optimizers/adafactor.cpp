// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Adafactor: second moments of a matrix as one number a row and one a column.
// \source Shazeer and Stern arXiv:1804.04235; where it leaves room, what Transformers' Adafactor does.
#include <cmath>

#include "nn/kernels/kernels.h"
#include "nn/kernels/optimizer_steps.h"
#include "nn/ops/parallel.h"
#include "nn/optimizers/optimizer.h"

namespace lathe::nn {

namespace {

using torch::Tensor;

constexpr std::int64_t kPieceElements = 1 << 16;

struct AdafactorOptions {
    double epsilonSquares = 1e-30;  ///< added to squared gradients
    double epsilonScale = 1e-3;     ///< smallest size of a tensor that scaleParameter goes by
    double clip = 1.0;              ///< largest root mean square of an update
    double decayExponent = 0.8;     ///< the memory of second moments is 1 - step^-this
    double beta1 = 0;               ///< 0 = no first moment
    bool scaleParameter = false;    ///< the rate counts in units of the tensor's root mean square
    bool relativeStep = false;      ///< min(0.01, 1 / sqrt(step)) in place of the learning rate
};

bool isFactored(const Tensor& parameter) {
    return parameter.dim() >= 2;
}

/// What of a tensor is one matrix: the last two dimensions. A vector is one row.
struct Matrices {
    explicit Matrices(const Tensor& tensor)
        : columns(std::max<std::int64_t>(1, tensor.size(-1))), rows(tensor.dim() >= 2 ? tensor.size(-2) : 1) {
        count = tensor.numel() / std::max<std::int64_t>(1, rows * columns);
        pieceRows = std::max<std::int64_t>(1, kPieceElements / columns);
        pieces = (rows + pieceRows - 1) / pieceRows;
    }
    std::int64_t columns, rows, count = 0;
    std::int64_t pieceRows = 1, pieces = 0;  ///< of one matrix: fixed, so that sums do not depend on the threads

    template <class F>
    void forPieces(F&& function) const {
        at::parallel_for(0, pieces, 1, [&](std::int64_t from, std::int64_t to) {
            for (std::int64_t i = from; i < to; ++i)
                function(i, i * pieceRows, std::min(rows, (i + 1) * pieceRows));
        });
    }
};

class Adafactor final : public Optimizer {
public:
    Adafactor(std::vector<OptimizerParameter> parameters, const AdafactorOptions& options)
        : Optimizer(std::move(parameters), [&options](const Tensor& p) { return memoryFor(p, options.beta1 > 0); }),
          m_options(options) {}

protected:
    void update(const std::vector<Work>& work, double lr, double clipScale) override {
        for (const Work& each : work)
            if (each.grad.numel() > 0)
                isFactored(each.grad) ? updateMatrices(each, lr, clipScale)
                                      : updateByTorch(*each.slot, each.grad, lr, clipScale);
    }

    /// Also for the vectors on the CPU, which are few and small.
    void updateByTorch(const Slot& slot, const Tensor& grad, double lr, double clipScale) override {
        const double rate = rateOf(slot, lr), keep = this->keep();
        const Tensor scaled = grad * clipScale;
        const Tensor squares = scaled.square().add_(m_options.epsilonSquares);
        Tensor change;
        if (isFactored(grad)) {
            const Tensor &row = slot.kept(0), &column = slot.kept(1);
            row.mul_(keep).add_(squares.mean(-1), 1 - keep);
            column.mul_(keep).add_(squares.mean(-2), 1 - keep);
            change = (row / row.mean(-1, true)).rsqrt_().unsqueeze(-1) * column.unsqueeze(-2).rsqrt() * scaled;
        } else {
            slot.kept(0).mul_(keep).add_(squares, 1 - keep);
            change = slot.kept(0).rsqrt() * scaled;
        }
        const double size = std::sqrt(change.square().mean().item<double>());
        change.mul_(rate / std::max(1.0, size / m_options.clip));
        if (m_options.beta1 > 0) {
            const Tensor& m = slot.memory.back().second;
            change = m.mul_(m_options.beta1).add_(change, 1 - m_options.beta1);
        }
        slot.parameter.mul_(1 - slot.decay * rate).sub_(change);
    }

private:
    static NamedTensors memoryFor(const Tensor& parameter, bool firstMoment) {
        NamedTensors memory;
        if (isFactored(parameter)) {
            auto row = parameter.sizes().vec(), column = row;
            row.pop_back();
            column.erase(column.end() - 2);
            memory = {{"row", torch::zeros(row, parameter.options())},
                      {"column", torch::zeros(column, parameter.options())}};
        } else {
            memory = {{"v", torch::zeros_like(parameter)}};
        }
        if (firstMoment)
            memory.emplace_back("m", torch::zeros_like(parameter));
        return memory;
    }

    double keep() const { return 1 - std::pow(static_cast<double>(steps()), -m_options.decayExponent); }

    double rateOf(const Slot& slot, double lr) const {
        const double base = m_options.relativeStep ? std::min(1e-2, 1 / std::sqrt(static_cast<double>(steps()))) : lr;
        return base * slot.rate * (m_options.scaleParameter ? sizeOf(slot.parameter) : 1);
    }

    double sizeOf(const Tensor& parameter) const {
        const double squares = parameter.is_cpu()
                                   ? kernels::sumOfSquares(bits<const float>(parameter), 0, parameter.numel())
                                   : parameter.square().sum().item<double>();
        return std::max(m_options.epsilonScale, std::sqrt(squares / static_cast<double>(parameter.numel())));
    }

    /// Three passes over the gradient, one over the parameter, nothing of the tensor's size in between.
    void updateMatrices(const Work& work, double lr, double clipScale) {
        const Slot& slot = *work.slot;
        const Matrices shape(work.grad);
        const auto scale = static_cast<float>(clipScale);
        const float* grad = bits<const float>(work.grad);
        const Tensor rowFactors = torch::empty({shape.count, shape.rows});
        const Tensor columnFactors = torch::empty({shape.count, shape.columns});
        double squares = 0;
        for (std::int64_t k = 0; k < shape.count; ++k) {
            const float* matrix = grad + k * shape.rows * shape.columns;
            remember(slot, shape, k, matrix, scale);
            float* rows = bits<float>(rowFactors) + k * shape.rows;
            float* columns = bits<float>(columnFactors) + k * shape.columns;
            factorise(slot, shape, k, rows, columns);
            std::vector<double> parts(static_cast<std::size_t>(shape.pieces));
            shape.forPieces([&](std::int64_t piece, std::int64_t begin, std::int64_t end) {
                parts[static_cast<std::size_t>(piece)] =
                    kernels::adafactorSquares(matrix, scale, shape.columns, begin, end, rows, columns);
            });
            for (const double part : parts)
                squares += part;
        }
        const double size = std::sqrt(squares / static_cast<double>(work.grad.numel()));
        const double rate = rateOf(slot, lr);
        kernels::AdafactorStep step{};
        step.rate = static_cast<float>(rate / std::max(1.0, size / m_options.clip));
        step.beta1 = static_cast<float>(m_options.beta1);
        step.decay = static_cast<float>(1 - slot.decay * rate);
        step.gradScale = scale;
        float* mean = m_options.beta1 > 0 ? bits<float>(slot.memory.back().second) : nullptr;
        for (std::int64_t k = 0; k < shape.count; ++k) {
            const std::int64_t at = k * shape.rows * shape.columns;
            shape.forPieces([&](std::int64_t, std::int64_t begin, std::int64_t end) {
                kernels::adafactor(step, bits<float>(slot.parameter) + at, grad + at, mean ? mean + at : nullptr,
                                   shape.columns, begin, end, bits<float>(rowFactors) + k * shape.rows,
                                   bits<float>(columnFactors) + k * shape.columns);
            });
        }
    }

    /// Moves the second moments of matrix \p k on.
    void remember(const Slot& slot, const Matrices& shape, std::int64_t k, const float* matrix, float scale) const {
        const Tensor means = torch::empty({shape.rows}), sums = torch::zeros({shape.pieces, shape.columns});
        shape.forPieces([&](std::int64_t piece, std::int64_t begin, std::int64_t end) {
            kernels::adafactorStatistics(matrix, scale, static_cast<float>(m_options.epsilonSquares), shape.columns,
                                         begin, end, bits<float>(means), bits<float>(sums) + piece * shape.columns);
        });
        const double keep = this->keep();
        slot.kept(0).view({shape.count, shape.rows})[k].mul_(keep).add_(means, 1 - keep);
        slot.kept(1).view({shape.count, shape.columns})[k].mul_(keep).add_(
            sums.sum(0), (1 - keep) / static_cast<double>(shape.rows));
    }

    static void factorise(const Slot& slot, const Matrices& shape, std::int64_t k, float* rows, float* columns) {
        const float* rowMoments = bits<const float>(slot.kept(0)) + k * shape.rows;
        const float* columnMoments = bits<const float>(slot.kept(1)) + k * shape.columns;
        double mean = 0;
        for (std::int64_t r = 0; r < shape.rows; ++r)
            mean += static_cast<double>(rowMoments[r]);
        mean /= static_cast<double>(shape.rows);
        for (std::int64_t r = 0; r < shape.rows; ++r)
            rows[r] = 1 / std::sqrt(rowMoments[r] / static_cast<float>(mean));
        for (std::int64_t c = 0; c < shape.columns; ++c)
            columns[c] = 1 / std::sqrt(columnMoments[c]);
    }

    AdafactorOptions m_options;
};

}  // namespace

OptimizerEntry adafactorOptimizer() {
    return {
        .id = "adafactor",
        .title = "Adafactor",
        .help = "Like AdamW, but remembers next to nothing of each weight: for models that would not fit otherwise.",
        .source = "arXiv:1804.04235",
        .options =
            {advanced(boolOption("adafactor_scale", "Adafactor by size", false,
                                 "Adafactor counts the learning rate in units of each tensor's own size.")),
             advanced(boolOption("adafactor_relative_step", "Adafactor's own rate", false,
                                 "Adafactor takes the rate that its paper proposes, and learning_rate is not read.")),
             advanced(realOption("adafactor_clip", "Adafactor update limit", 1, 1e-3, 1e6, "root mean square",
                                 "Largest update that Adafactor makes, before the learning rate.")),
             advanced(realOption("adafactor_decay", "Adafactor memory", 0.8, 0.1, 1, "-",
                                 "How fast Adafactor's memory grows longer over the steps.")),
             advanced(realOption("adafactor_beta1", "Adafactor momentum", 0, 0, 0.9999, "share",
                                 "Share of the step before that a step of Adafactor keeps; 0 = none, which saves "
                                 "memory."))},
        .make = [](std::vector<OptimizerParameter> parameters, const Json& options) -> std::unique_ptr<Optimizer> {
            AdafactorOptions given;
            given.scaleParameter = options.value("adafactor_scale", given.scaleParameter);
            given.relativeStep = options.value("adafactor_relative_step", given.relativeStep);
            given.clip = options.value("adafactor_clip", given.clip);
            given.decayExponent = options.value("adafactor_decay", given.decayExponent);
            given.beta1 = options.value("adafactor_beta1", given.beta1);
            return std::make_unique<Adafactor>(std::move(parameters), given);
        }};
}

}  // namespace lathe::nn
