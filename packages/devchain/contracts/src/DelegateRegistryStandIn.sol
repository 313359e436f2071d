// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Stands in for delegate.xyz's registry, version 2: the same functions with the same rules, its own storage. The real one is not
/// published as a package. The tests put it at the real one's address.
contract DelegateRegistryStandIn {
    mapping(bytes32 delegation => bool) private given;
    mapping(bytes32 delegation => uint256) private amounts;

    function delegateAll(address to, bytes32 rights, bool enable) external payable returns (bytes32 hash) {
        given[hash = keccak256(abi.encode("all", rights, msg.sender, to))] = enable;
    }

    function delegateContract(address to, address contract_, bytes32 rights, bool enable) external payable returns (bytes32 hash) {
        given[hash = keccak256(abi.encode("contract", rights, msg.sender, to, contract_))] = enable;
    }

    function delegateERC721(address to, address contract_, uint256 tokenId, bytes32 rights, bool enable) external payable returns (bytes32 hash) {
        given[hash = keccak256(abi.encode("erc721", rights, msg.sender, to, contract_, tokenId))] = enable;
    }

    function delegateERC1155(address to, address contract_, uint256 tokenId, bytes32 rights, uint256 amount) external payable returns (bytes32 hash) {
        amounts[hash = keccak256(abi.encode("erc1155", rights, msg.sender, to, contract_, tokenId))] = amount;
    }

    function checkDelegateForERC721(address to, address from, address contract_, uint256 tokenId, bytes32 rights) external view returns (bool) {
        if (invalid(from)) return false;
        return erc721(to, from, contract_, tokenId, "") || (rights != "" && erc721(to, from, contract_, tokenId, rights));
    }

    function checkDelegateForERC1155(address to, address from, address contract_, uint256 tokenId, bytes32 rights) external view returns (uint256) {
        if (invalid(from)) return 0;
        uint256 full = erc1155(to, from, contract_, tokenId, "");
        if (rights == "" || full == type(uint256).max) return full;
        uint256 some = erc1155(to, from, contract_, tokenId, rights);
        return some > full ? some : full;
    }

    /// The real one marks ended delegations with these.
    function invalid(address from) private pure returns (bool) {
        return from == address(0) || from == address(1);
    }

    function wide(address to, address from, address contract_, bytes32 rights) private view returns (bool) {
        return given[keccak256(abi.encode("all", rights, from, to))] || given[keccak256(abi.encode("contract", rights, from, to, contract_))];
    }

    function erc721(address to, address from, address contract_, uint256 tokenId, bytes32 rights) private view returns (bool) {
        return wide(to, from, contract_, rights) || given[keccak256(abi.encode("erc721", rights, from, to, contract_, tokenId))];
    }

    function erc1155(address to, address from, address contract_, uint256 tokenId, bytes32 rights) private view returns (uint256) {
        if (wide(to, from, contract_, rights)) return type(uint256).max;
        return amounts[keccak256(abi.encode("erc1155", rights, from, to, contract_, tokenId))];
    }
}
