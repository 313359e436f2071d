// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {BravoStandIn, CompStandIn, CompoundTimelockStandIn} from "./BravoStandIn.sol";

/// Nouns DAO (logic 2 to 4) differs from Bravo, for a voter, in what `proposals` returns and in a quorum of each proposal's own.
contract NounsStandIn is BravoStandIn {
    constructor(CompoundTimelockStandIn timelock_, CompStandIn token_, uint256 votingPeriod_)
        BravoStandIn("Nouns DAO", timelock_, token_, votingPeriod_)
    {}

    // Nouns decides by itself when this comes: after a late swing to "for".
    mapping(uint256 => bool) public objectionPeriod;

    function setObjectionPeriod(uint256 id, bool is_) external {
        objectionPeriod[id] = is_;
    }

    function state(uint256 id) public view override returns (ProposalState) {
        return objectionPeriod[id] ? ProposalState.ObjectionPeriod : super.state(id);
    }

    // Another shape than Bravo's, and Solidity cannot override a function's return type.
    function proposals(uint256 id) external view override returns (bytes32[10] memory) {
        Stored storage p = _proposals[id];
        bytes32[15] memory words = [
            bytes32(p.proposer == address(0) ? 0 : id),
            bytes32(uint256(uint160(p.proposer))),
            bytes32(uint256(1)), // proposalThreshold
            bytes32(quorumVotes),
            bytes32(p.eta),
            bytes32(p.startBlock),
            bytes32(p.endBlock),
            bytes32(p.forVotes),
            bytes32(p.againstVotes),
            bytes32(p.abstainVotes),
            bytes32(uint256(p.canceled ? 1 : 0)),
            bytes32(0), // vetoed
            bytes32(uint256(p.executed ? 1 : 0)),
            bytes32(comp.totalSupply()),
            bytes32(p.startBlock - votingDelay) // creationBlock
        ];
        assembly ("memory-safe") {
            return(words, 480)
        }
    }
}
