// SPDX-FileCopyrightText: Lathe contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The pickle machine with the functions that rebuild tensors. The complete list of what a file may name is in the .cpp.
#pragma once

#include <map>
#include <string>

#include "core/pickle.h"
#include "core/tensor_type.h"

namespace lathe {

/// Numbers in a row: of one type, or bytes that a tensor gives a type.
struct TorchStorage {
    std::string_view key;
    TensorType type = TensorType::U8;
    bool isUntyped = false;
    std::int64_t elements = 0;  ///< of the whole storage
    std::int64_t offset = 0;    ///< old files: a view begins there, in elements
};

struct TorchTensor {
    std::uint32_t storage = 0;
    TensorType type = TensorType::F32;
    std::int64_t offset = 0;           ///< elements of \p type
    PickleRef shape = 0, strides = 0;  ///< tuples of numbers; many tensors may share one, so nobody copies them here
};

/// Object values: size = Object::..., data = the index in tensors() or storages().
class TorchPickle : public PickleMachine {
public:
    enum Object : std::uint32_t { StorageObject, TensorObject, Harmless };
    using PickleMachine::PickleMachine;

    const TorchStorage& storage(std::size_t index) const { return m_storages[index]; }
    const std::vector<TorchStorage>& storages() const { return m_storages; }
    /// The tensor that \p ref is; nullptr when it is none.
    const TorchTensor* tensor(PickleRef ref) const;
    /// The numbers of a tensor's shape or strides.
    std::vector<std::int64_t> sizes(PickleRef ref) const;

protected:
    Result<PickleValue> global(std::string_view module, std::string_view name) override;
    Result<PickleRef> call(PickleRef callable, PickleRef arguments) override;
    Result<PickleRef> persistent(PickleRef id) override;
    Result<> build(PickleRef object, PickleRef state) override;

private:
    Result<PickleRef> rebuildTensor(std::span<const PickleRef> arguments, bool isUntyped);
    Result<PickleRef> orderedDict(std::span<const PickleRef> arguments);
    bool areSizes(PickleRef ref) const;

    std::vector<TorchStorage> m_storages;
    std::vector<TorchTensor> m_tensors;
};

}  // namespace lathe
