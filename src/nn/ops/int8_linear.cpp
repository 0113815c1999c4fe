// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A few rows are read by the vector kernel; for many the table becomes numbers a piece at a time, behind which the
// scales come: int8 is exact in bfloat16 as it is.
#include "nn/ops/int8_linear.h"

#include <torch/csrc/autograd/custom_function.h>

#include "nn/ops/parallel.h"

namespace lathe::nn {

namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Of a table that are numbers at one time. With 8 times as many the holes that they leave in the heap take as much as
/// the tables.
constexpr std::int64_t kPieceElements = 1 << 18;
constexpr std::int64_t kFewRows = 8;      ///< for which a table is read without making numbers of it
constexpr std::int64_t kCachedRows = 32;  ///< of a table, which stay in the cache from one row of x to the next

Tensor numbersOf(const Tensor& table, torch::ScalarType type) {
    if (type != torch::kBFloat16 || !table.is_cpu() || !table.is_contiguous())
        return table.to(type);
    Tensor out = torch::empty(table.sizes(), type);
    forRows(table.numel(), 1, [&](std::int64_t begin, std::int64_t end) {
        kernels::int8ToBf16(bits<const std::int8_t>(table), bits<kernels::Bf16>(out), begin, end);
    });
    return out;
}

/// \p piece(first row, rows, their numbers [n, in])
template <class F>
void inPieces(const Tensor& table, torch::ScalarType type, F&& piece) {
    const std::int64_t rows = table.size(0), step = std::max<std::int64_t>(1, kPieceElements / table.size(1));
    for (std::int64_t row = 0; row < rows; row += step) {
        const std::int64_t count = std::min(step, rows - row);
        piece(row, count, numbersOf(table.narrow(0, row, count), type));
    }
}

/// \p x [N, M], each column times its scale; may use x up.
Tensor timesScale(const Tensor& x, const Tensor& scale) {
    if (x.scalar_type() != torch::kBFloat16 || !x.is_cpu() || x.stride(1) != 1)
        return (x * scale).to(x.scalar_type());
    forRows(x.size(0), x.size(1), [&](std::int64_t begin, std::int64_t end) {
        kernels::scaleColumns(bits<const float>(scale), x.size(1), x.stride(0), begin, end, bits<kernels::Bf16>(x));
    });
    return x;
}

struct Int8LinearFunction : torch::autograd::Function<Int8LinearFunction> {
    /// \p x [N, in] -> [N, out]
    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& table, const Tensor& scale,
                          std::int64_t typeNumber) {
        context->save_for_backward({table, scale});
        context->saved_data["type"] = static_cast<std::int64_t>(x.scalar_type());
        const auto type = static_cast<torch::ScalarType>(typeNumber);
        const Tensor in = x.to(type);
        Tensor out;
        inPieces(table, type, [&](std::int64_t row, std::int64_t count, const Tensor& numbers) {
            const Tensor product = at::mm(in, numbers.t());
            if (count == table.size(0)) {
                out = product;
                return;
            }
            if (!out.defined())
                out = torch::empty({x.size(0), table.size(0)}, in.options());
            out.narrow(1, row, count).copy_(product);
        });
        return timesScale(out, scale);
    }

    static variable_list backward(AutogradContext* context, const variable_list& grads) {
        const variable_list saved = context->get_saved_variables();
        const Tensor &table = saved[0], &scale = saved[1];                                      // [out, in], [out]
        const Tensor scaled = timesScale(grads[0].clone(at::MemoryFormat::Contiguous), scale);  // [N, out]
        const auto inType = static_cast<torch::ScalarType>(context->saved_data["type"].toInt());
        Tensor gradIn;  // [N, in], added up in float32
        inPieces(table, scaled.scalar_type(), [&](std::int64_t row, std::int64_t count, const Tensor& numbers) {
            const Tensor part = at::mm(scaled.narrow(1, row, count), numbers);
            gradIn = gradIn.defined() ? gradIn.to(torch::kFloat32).add_(part) : part;
        });
        return {gradIn.to(inType), {}, {}, {}};
    }
};

/// \p x [N, in] -> [N, out] float32
Tensor fewRows(const Tensor& x, const Tensor& table, const Tensor& scale) {
    const Tensor in = x.to(torch::kFloat32).contiguous();
    const std::int64_t rows = table.size(0), columns = table.size(1), stride = columns + kernels::kInt8VectorRoom;
    std::vector<float> arranged(static_cast<std::size_t>(in.size(0) * stride));
    for (std::int64_t n = 0; n < in.size(0); ++n)
        kernels::arrangeInt8Vector(bits<const float>(in) + n * columns, columns, arranged.data() + n * stride);
    Tensor out = torch::empty({in.size(0), rows});
    forRows((rows + kCachedRows - 1) / kCachedRows, kCachedRows * columns, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t block = begin; block < end; ++block)
            for (std::int64_t n = 0; n < in.size(0); ++n)
                kernels::gemvInt8(bits<const std::int8_t>(table), bits<const float>(scale),
                                  arranged.data() + n * stride, columns, block * kCachedRows,
                                  std::min(rows, (block + 1) * kCachedRows), bits<float>(out) + n * rows);
    });
    return out;
}

}  // namespace

Tensor int8Linear(const Tensor& x, const Tensor& table, const Tensor& scale, torch::ScalarType type) {
    std::vector<std::int64_t> shape = x.sizes().vec();
    const Tensor rows = x.reshape({-1, shape.back()});  // [N, in]
    shape.back() = table.size(0);
    const bool learns = torch::GradMode::is_enabled() && x.requires_grad();
    if (!learns && hasKernel(x) && table.is_contiguous() && rows.size(0) <= kFewRows)
        return fewRows(rows, table, scale).to(type).view(shape);
    return Int8LinearFunction::apply(rows, table, scale, static_cast<std::int64_t>(type)).view(shape);
}

}  // namespace lathe::nn
