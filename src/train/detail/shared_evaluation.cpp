// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/shared_evaluation.h"

#include <algorithm>

namespace lathe::train {
namespace {

void write(ByteWriter& writer, const torch::Tensor& tensor) {
    writer(tensor.defined());
    if (!tensor.defined())
        return;
    const torch::Tensor whole = tensor.contiguous();
    writer(whole.scalar_type(), whole.sizes().vec(),
           std::string(static_cast<const char*>(whole.data_ptr()), whole.nbytes()));
}

torch::Tensor readTensor(ByteReader& reader) {
    bool isDefined = false;
    reader(isDefined);
    if (!isDefined)
        return {};
    torch::ScalarType type{};
    std::vector<std::int64_t> sizes;
    std::string bytes;
    reader(type, sizes, bytes);
    torch::Tensor tensor = torch::empty(sizes, type);
    TORCH_CHECK(tensor.nbytes() == bytes.size(), "another process's answers are cut short");
    std::ranges::copy(bytes, static_cast<char*>(tensor.data_ptr()));
    return tensor;
}

}  // namespace

void SharedAnswers::add(std::size_t place, const MetricBatch& said) {
    m_answers(place, said.lossNats);
    for (const auto& tensor : {said.predicted, said.targets, said.groups})
        write(m_answers, tensor);
}

std::optional<std::vector<MetricBatch>> SharedAnswers::exchange(WorkerGroup& group, bool stop) const {
    if (sumOver(group, {stop ? 1.0 : 0.0}).front() > 0)
        return std::nullopt;
    std::vector<std::pair<std::size_t, MetricBatch>> all;
    for (const std::string& bytes : group.gather(m_answers.bytes())) {
        ByteReader reader(bytes);
        while (!reader.isAtEnd()) {
            auto& [place, said] = all.emplace_back();
            reader(place, said.lossNats);
            said.predicted = readTensor(reader);
            said.targets = readTensor(reader);
            said.groups = readTensor(reader);
        }
    }
    std::ranges::stable_sort(all, {}, [](const auto& each) { return each.first; });
    std::vector<MetricBatch> answers;
    for (auto& [place, said] : all)
        answers.push_back(std::move(said));
    return answers;
}

}  // namespace lathe::train
