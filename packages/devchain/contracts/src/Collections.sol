// SPDX-License-Identifier: MIT
// Collections and accounts that the tests prove ownership in: each keeps its owners in another way.
pragma solidity ^0.8.28;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ERC721Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC721/ERC721Upgradeable.sol";
import {ERC721A} from "erc721a/contracts/ERC721A.sol";
import {ERC721 as SoladyERC721} from "solady/src/tokens/ERC721.sol";
import {ERC6551} from "solady/src/accounts/ERC6551.sol";

/// OpenZeppelin v5: a mapping in an ordinary slot.
contract PlainCollection is ERC721("Plain Collection", "PLAIN") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}

/// OpenZeppelin v5, upgradeable: namespaced storage (ERC-7201), behind a proxy.
contract UpgradeableCollection is ERC721Upgradeable {
    function initialize() external initializer {
        __ERC721_init("Upgradeable Collection", "UPGR");
    }

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}

/// ERC-1967.
contract CollectionProxy is ERC1967Proxy {
    constructor(address implementation, bytes memory data) ERC1967Proxy(implementation, data) {}
}

/// ERC721A: only the first token of a batch has an owner in storage; the others are found by reading backwards.
contract PackedCollection is ERC721A {
    constructor() ERC721A("Packed Collection", "PACK") {}

    function mint(address to, uint256 quantity) external {
        _mint(to, quantity);
    }
}

/// solady: slots computed in assembly, owner packed with extra data.
contract AssemblyCollection is SoladyERC721 {
    function name() public pure override returns (string memory) {
        return "Assembly Collection";
    }

    function symbol() public pure override returns (string memory) {
        return "ASM";
    }

    function tokenURI(uint256) public pure override returns (string memory) {
        return "";
    }

    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}

/// ERC-1155: a balance for each holder and id.
contract Editions is ERC1155("") {
    function mint(address to, uint256 id, uint256 amount) external {
        _mint(to, id, amount, "");
    }
}

/// Says who owns a token by what other blocks were, which no state proof shows.
contract BlockHashCollection {
    address private immutable minter = msg.sender;

    function ownerOf(uint256 id) external view returns (address) {
        return blockhash(block.number - 2 - id) == bytes32(0) ? address(0) : minter;
    }
}

/// Spends all the gas that it is given.
contract EndlessCollection {
    function ownerOf(uint256 id) external pure returns (address) {
        while (true) id++;
        return address(0);
    }
}

/// A contract that owns tokens and signs through a key of its owner (ERC-1271).
contract SigningAccount is IERC1271 {
    address public owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecoverCalldata(hash, signature);
        return failure == ECDSA.RecoverError.NoError && signer == owner ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// Holds tokens of others and has an owner: being its owner is not owning what it holds.
contract Escrow {
    address public owner;

    constructor(address owner_) {
        owner = owner_;
    }
}

/// An account bound to a token (ERC-6551).
contract TokenBoundAccount is ERC6551 {
    function _domainNameAndVersion() internal pure override returns (string memory, string memory) {
        return ("Token-bound account", "1");
    }
}

/// ERC-6551's registry, as in the standard. The tests put it at its canonical address.
contract TokenBoundRegistry {
    function createAccount(address implementation, bytes32 salt, uint256 chainId, address tokenContract, uint256 tokenId)
        external
        returns (address account)
    {
        bytes memory code = abi.encodePacked(
            hex"3d60ad80600a3d3981f3363d3d373d3d3d363d73",
            implementation,
            hex"5af43d82803e903d91602b57fd5bf3",
            abi.encode(salt, chainId, tokenContract, tokenId)
        );
        assembly {
            account := create2(0, add(code, 0x20), mload(code), salt)
        }
        require(account != address(0), "AccountCreationFailed");
    }
}
