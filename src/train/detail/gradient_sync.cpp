// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "train/detail/gradient_sync.h"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace lathe::train {
namespace {

using torch::Tensor;
using torch::autograd::Node;

/// The nodes at which a backward pass from \p root ends.
std::unordered_set<const Node*> leavesBelow(const Tensor& root) {
    std::unordered_set<const Node*> seen, leaves;
    std::vector<const Node*> open{root.grad_fn().get()};
    while (!open.empty()) {
        const Node* node = open.back();
        open.pop_back();
        if (!node || !seen.insert(node).second)
            continue;
        if (node->num_outputs() == 0)
            leaves.insert(node);
        for (const auto& edge : node->next_edges())
            open.push_back(edge.function.get());
    }
    return leaves;
}

}  // namespace

/// What is told when a parameter's gradient has been added to. The node lives as long as somebody holds it.
struct GradientSync::Hooks {
    struct Hook {
        std::shared_ptr<Node> node;
        std::uintptr_t key = 0;
    };
    std::vector<Hook> all;
    std::unordered_map<const Node*, std::size_t> places;

    ~Hooks() {
        for (const Hook& hook : all)
            hook.node->del_post_hook(hook.key);
    }
};

GradientSync::GradientSync(WorkerGroup& group, const std::vector<Tensor>& parameters, std::int64_t bucketBytes)
    : m_group(group), m_hooks(std::make_unique<Hooks>()) {
    for (const Tensor& parameter : parameters)
        if (parameter.requires_grad())
            m_places.push_back({.parameter = parameter});
    std::ranges::reverse(m_places);  // about the order in which a backward pass comes by
    layOut(bucketBytes);
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        auto node = torch::autograd::impl::grad_accumulator(m_places[i].parameter);
        const auto key = node->add_post_hook(
            std::make_unique<torch::autograd::utils::LambdaPostHook>([this, i](const auto& outputs, const auto&) {
                passed(i);
                return outputs;
            }));
        m_hooks->places.emplace(node.get(), i);
        m_hooks->all.push_back({.node = std::move(node), .key = key});
    }
}

GradientSync::~GradientSync() = default;

void GradientSync::layOut(std::int64_t bucketBytes) {
    const auto most = std::max<std::int64_t>(1, bucketBytes / static_cast<std::int64_t>(sizeof(float)));
    std::vector<std::int64_t> elements;
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        Place& place = m_places[i];
        if (m_buckets.empty() || elements.back() + place.parameter.numel() > most) {
            m_buckets.emplace_back();
            elements.push_back(0);
        }
        place.bucket = m_buckets.size() - 1;
        place.offset = elements.back();
        elements.back() += place.parameter.numel();
        m_buckets.back().places.push_back(i);
    }
    for (std::size_t b = 0; b < m_buckets.size(); ++b) {
        Bucket& bucket = m_buckets[b];
        bucket.missing = bucket.places.size();
        for (std::size_t i = 0; i < bucket.places.size(); ++i)
            m_places[bucket.places[i]].flag = elements[b] + static_cast<std::int64_t>(i);
        bucket.flat = torch::zeros({elements[b] + static_cast<std::int64_t>(bucket.places.size())}, torch::kFloat32);
    }
}

void GradientSync::expectLast(const Tensor& root) {
    const auto reached = leavesBelow(root);
    m_expects = true;
    for (const auto& [node, place] : m_hooks->places)
        if (!reached.contains(node) && !m_places[place].ready)
            makeReady(place);
    sendReady();
}

void GradientSync::passed(std::size_t place) {
    if (!m_expects)
        return;
    TORCH_CHECK(!m_places[place].ready, "a gradient changed after it had been sent to the other processes");
    makeReady(place);
    sendReady();
}

void GradientSync::makeReady(std::size_t index) {
    const torch::NoGradGuard noGrad;
    Place& place = m_places[index];
    Bucket& bucket = m_buckets[place.bucket];
    const Tensor gradient = place.parameter.grad();
    auto to = bucket.flat.narrow(0, place.offset, place.parameter.numel());
    if (gradient.defined())
        to.copy_(gradient.reshape(-1));
    else
        to.zero_();
    bucket.flat.data_ptr<float>()[place.flag] = gradient.defined() ? 1 : 0;
    place.ready = true;
    --bucket.missing;
}

void GradientSync::sendReady() {
    for (; m_next < m_buckets.size() && m_buckets[m_next].missing == 0; ++m_next)
        m_buckets[m_next].sum = m_group.beginSum(m_buckets[m_next].flat);
}

void GradientSync::finish() {
    m_leftEarly = m_next;
    for (std::size_t i = 0; i < m_places.size(); ++i)
        if (!m_places[i].ready)
            makeReady(i);
    sendReady();
    for (Bucket& bucket : m_buckets) {
        bucket.sum->wait();
        bucket.sum.reset();
        takeBack(bucket);
        bucket.missing = bucket.places.size();
    }
    for (Place& place : m_places)
        place.ready = false;
    m_next = 0;
    m_expects = false;
}

void GradientSync::takeBack(const Bucket& bucket) {
    const torch::NoGradGuard noGrad;
    for (const std::size_t index : bucket.places) {
        Place& place = m_places[index];
        if (bucket.flat.data_ptr<float>()[place.flag] == 0)
            continue;  // no process had one
        const Tensor sum = bucket.flat.narrow(0, place.offset, place.parameter.numel()).view(place.parameter.sizes());
        Tensor& gradient = place.parameter.mutable_grad();
        if (gradient.defined())
            gradient.copy_(sum);
        else
            gradient = sum.to(place.parameter.device(), /*non_blocking=*/false, /*copy=*/true);
    }
}

}  // namespace lathe::train
