// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

// Compound's contracts are not on npm and are written for Solidity 0.5. These are written anew against their public interface:
// the same functions, events, domain, type strings and order of checks as far as a voter meets them. What only their
// administrators use (settings, whitelist, guardian, upgrade) is left out.

/// COMP: votes by blocks, delegation by signature under a domain without a version.
contract CompStandIn {
    string public constant name = "Compound";
    string public constant symbol = "COMP";
    uint8 public constant decimals = 18;
    bytes32 public constant DOMAIN_TYPEHASH = keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    bytes32 public constant DELEGATION_TYPEHASH = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");

    struct Checkpoint {
        uint32 fromBlock;
        uint96 votes;
    }

    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => address) public delegates;
    mapping(address => uint256) public nonces;
    mapping(address => Checkpoint[]) private _history;

    event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate);
    event DelegateVotesChanged(address indexed delegate, uint256 previousBalance, uint256 newBalance);
    event Transfer(address indexed from, address indexed to, uint256 amount);

    function mint(address to, uint96 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
        _move(address(0), delegates[to], amount);
    }

    function transfer(address to, uint96 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        emit Transfer(msg.sender, to, amount);
        _move(delegates[msg.sender], delegates[to], amount);
        return true;
    }

    function delegate(address delegatee) external {
        _delegate(msg.sender, delegatee);
    }

    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), block.chainid, address(this)));
        bytes32 message = keccak256(abi.encode(DELEGATION_TYPEHASH, delegatee, nonce, expiry));
        address signatory = ecrecover(keccak256(abi.encodePacked("\x19\x01", domain, message)), v, r, s);
        require(signatory != address(0), "Comp::delegateBySig: invalid signature");
        require(nonce == nonces[signatory]++, "Comp::delegateBySig: invalid nonce");
        require(block.timestamp <= expiry, "Comp::delegateBySig: signature expired");
        _delegate(signatory, delegatee);
    }

    function getCurrentVotes(address account) public view returns (uint96) {
        Checkpoint[] storage history = _history[account];
        return history.length == 0 ? 0 : history[history.length - 1].votes;
    }

    function getPriorVotes(address account, uint256 blockNumber) external view returns (uint96) {
        require(blockNumber < block.number, "Comp::getPriorVotes: not yet determined");
        Checkpoint[] storage history = _history[account];
        for (uint256 i = history.length; i > 0; i--) if (history[i - 1].fromBlock <= blockNumber) return history[i - 1].votes;
        return 0;
    }

    function _delegate(address delegator, address delegatee) private {
        address before = delegates[delegator];
        delegates[delegator] = delegatee;
        emit DelegateChanged(delegator, before, delegatee);
        _move(before, delegatee, uint96(balanceOf[delegator]));
    }

    function _move(address from, address to, uint96 amount) private {
        if (from == to || amount == 0) return;
        if (from != address(0)) _write(from, getCurrentVotes(from) - amount);
        if (to != address(0)) _write(to, getCurrentVotes(to) + amount);
    }

    function _write(address account, uint96 votes) private {
        emit DelegateVotesChanged(account, getCurrentVotes(account), votes);
        Checkpoint[] storage history = _history[account];
        if (history.length > 0 && history[history.length - 1].fromBlock == block.number) history[history.length - 1].votes = votes;
        else history.push(Checkpoint(uint32(block.number), votes));
    }
}

/// Compound's timelock: an action is queued with the text of its function's signature.
contract CompoundTimelockStandIn {
    uint256 public constant GRACE_PERIOD = 14 days;
    address public admin;
    uint256 public immutable delay;
    mapping(bytes32 => bool) public queuedTransactions;

    constructor(uint256 delay_) {
        admin = msg.sender;
        delay = delay_;
    }

    receive() external payable {}

    function setAdmin(address admin_) external {
        require(msg.sender == admin, "Timelock::setAdmin: Call must come from admin.");
        admin = admin_;
    }

    function queueTransaction(address target, uint256 value, string memory signature, bytes memory data, uint256 eta) external returns (bytes32 id) {
        require(msg.sender == admin, "Timelock::queueTransaction: Call must come from admin.");
        require(eta >= block.timestamp + delay, "Timelock::queueTransaction: Estimated execution block must satisfy delay.");
        id = keccak256(abi.encode(target, value, signature, data, eta));
        queuedTransactions[id] = true;
    }

    function executeTransaction(address target, uint256 value, string memory signature, bytes memory data, uint256 eta)
        external
        payable
        returns (bytes memory)
    {
        require(msg.sender == admin, "Timelock::executeTransaction: Call must come from admin.");
        bytes32 id = keccak256(abi.encode(target, value, signature, data, eta));
        require(queuedTransactions[id], "Timelock::executeTransaction: Transaction hasn't been queued.");
        require(block.timestamp >= eta, "Timelock::executeTransaction: Transaction hasn't surpassed time lock.");
        require(block.timestamp <= eta + GRACE_PERIOD, "Timelock::executeTransaction: Transaction is stale.");
        queuedTransactions[id] = false;
        bytes memory callData = bytes(signature).length == 0 ? data : abi.encodePacked(bytes4(keccak256(bytes(signature))), data);
        (bool success, bytes memory result) = target.call{value: value}(callData);
        require(success, "Timelock::executeTransaction: Transaction execution reverted.");
        return result;
    }
}

/// Governor Bravo as a voter meets it.
contract BravoStandIn {
    bytes32 public constant DOMAIN_TYPEHASH = keccak256("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
    bytes32 public constant BALLOT_TYPEHASH = keccak256("Ballot(uint256 proposalId,uint8 support)");
    uint256 public constant quorumVotes = 400000e18;

    enum ProposalState {
        Pending,
        Active,
        Canceled,
        Defeated,
        Succeeded,
        Queued,
        Expired,
        Executed,
        // Of Nouns:
        Vetoed,
        ObjectionPeriod,
        Updatable
    }

    struct Receipt {
        bool hasVoted;
        uint8 support;
        uint96 votes;
    }

    struct Stored {
        address proposer;
        uint256 eta;
        address[] targets;
        uint256[] values;
        string[] signatures;
        bytes[] calldatas;
        uint256 startBlock;
        uint256 endBlock;
        uint256 forVotes;
        uint256 againstVotes;
        uint256 abstainVotes;
        bool canceled;
        bool executed;
        mapping(address => Receipt) receipts;
    }

    event ProposalCreated(
        uint256 id,
        address proposer,
        address[] targets,
        uint256[] values,
        string[] signatures,
        bytes[] calldatas,
        uint256 startBlock,
        uint256 endBlock,
        string description
    );
    event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 votes, string reason);
    event ProposalCanceled(uint256 id);
    event ProposalQueued(uint256 id, uint256 eta);
    event ProposalExecuted(uint256 id);

    string public name;
    CompoundTimelockStandIn public immutable timelock;
    CompStandIn public immutable comp;
    uint256 public immutable votingPeriod;
    uint256 public constant votingDelay = 1;
    uint256 public proposalCount;
    mapping(uint256 => Stored) internal _proposals;

    constructor(string memory name_, CompoundTimelockStandIn timelock_, CompStandIn comp_, uint256 votingPeriod_) {
        name = name_;
        timelock = timelock_;
        comp = comp_;
        votingPeriod = votingPeriod_;
    }

    function propose(
        address[] memory targets,
        uint256[] memory values,
        string[] memory signatures,
        bytes[] memory calldatas,
        string memory description
    ) external returns (uint256 id) {
        require(
            targets.length == values.length && targets.length == signatures.length && targets.length == calldatas.length && targets.length > 0,
            "GovernorBravo::propose: proposal function information arity mismatch"
        );
        id = ++proposalCount;
        Stored storage p = _proposals[id];
        p.proposer = msg.sender;
        p.targets = targets;
        p.values = values;
        p.signatures = signatures;
        p.calldatas = calldatas;
        p.startBlock = block.number + votingDelay;
        p.endBlock = p.startBlock + votingPeriod;
        emit ProposalCreated(id, msg.sender, targets, values, signatures, calldatas, p.startBlock, p.endBlock, description);
    }

    function queue(uint256 id) external {
        require(state(id) == ProposalState.Succeeded, "GovernorBravo::queue: proposal can only be queued if it is succeeded");
        Stored storage p = _proposals[id];
        p.eta = block.timestamp + timelock.delay();
        for (uint256 i = 0; i < p.targets.length; i++) timelock.queueTransaction(p.targets[i], p.values[i], p.signatures[i], p.calldatas[i], p.eta);
        emit ProposalQueued(id, p.eta);
    }

    function execute(uint256 id) external payable {
        require(state(id) == ProposalState.Queued, "GovernorBravo::execute: proposal can only be executed if it is queued");
        Stored storage p = _proposals[id];
        p.executed = true;
        for (uint256 i = 0; i < p.targets.length; i++) {
            timelock.executeTransaction{value: p.values[i]}(p.targets[i], p.values[i], p.signatures[i], p.calldatas[i], p.eta);
        }
        emit ProposalExecuted(id);
    }

    function proposals(uint256 id) external view virtual returns (bytes32[10] memory) {
        Stored storage p = _proposals[id];
        return [
            bytes32(p.proposer == address(0) ? 0 : id),
            bytes32(uint256(uint160(p.proposer))),
            bytes32(p.eta),
            bytes32(p.startBlock),
            bytes32(p.endBlock),
            bytes32(p.forVotes),
            bytes32(p.againstVotes),
            bytes32(p.abstainVotes),
            bytes32(uint256(p.canceled ? 1 : 0)),
            bytes32(uint256(p.executed ? 1 : 0))
        ];
    }

    function getActions(uint256 id) external view returns (address[] memory, uint256[] memory, string[] memory, bytes[] memory) {
        Stored storage p = _proposals[id];
        return (p.targets, p.values, p.signatures, p.calldatas);
    }

    function getReceipt(uint256 id, address voter) external view returns (Receipt memory) {
        return _proposals[id].receipts[voter];
    }

    function state(uint256 id) public view virtual returns (ProposalState) {
        require(proposalCount >= id && id > 0, "GovernorBravo::state: invalid proposal id");
        Stored storage p = _proposals[id];
        if (p.canceled) return ProposalState.Canceled;
        if (block.number <= p.startBlock) return ProposalState.Pending;
        if (block.number <= p.endBlock) return ProposalState.Active;
        if (p.forVotes <= p.againstVotes || p.forVotes < quorumVotes) return ProposalState.Defeated;
        if (p.eta == 0) return ProposalState.Succeeded;
        if (p.executed) return ProposalState.Executed;
        if (block.timestamp >= p.eta + timelock.GRACE_PERIOD()) return ProposalState.Expired;
        return ProposalState.Queued;
    }

    function castVote(uint256 id, uint8 support) external {
        emit VoteCast(msg.sender, id, support, _cast(msg.sender, id, support), "");
    }

    function castVoteWithReason(uint256 id, uint8 support, string calldata reason) external {
        emit VoteCast(msg.sender, id, support, _cast(msg.sender, id, support), reason);
    }

    // As the original: nothing compares the signatory with a voter, so a damaged signature is a vote of a stranger without votes.
    function castVoteBySig(uint256 id, uint8 support, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 domain = keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), block.chainid, address(this)));
        bytes32 message = keccak256(abi.encode(BALLOT_TYPEHASH, id, support));
        address signatory = ecrecover(keccak256(abi.encodePacked("\x19\x01", domain, message)), v, r, s);
        require(signatory != address(0), "GovernorBravo::castVoteBySig: invalid signature");
        emit VoteCast(signatory, id, support, _cast(signatory, id, support), "");
    }

    function _cast(address voter, uint256 id, uint8 support) private returns (uint96 votes) {
        require(state(id) == ProposalState.Active, "GovernorBravo::castVoteInternal: voting is closed");
        require(support <= 2, "GovernorBravo::castVoteInternal: invalid vote type");
        Stored storage p = _proposals[id];
        Receipt storage receipt = p.receipts[voter];
        require(!receipt.hasVoted, "GovernorBravo::castVoteInternal: voter already voted");
        votes = comp.getPriorVotes(voter, p.startBlock);
        if (support == 0) p.againstVotes += votes;
        else if (support == 1) p.forVotes += votes;
        else p.abstainVotes += votes;
        receipt.hasVoted = true;
        receipt.support = support;
        receipt.votes = votes;
    }
}
