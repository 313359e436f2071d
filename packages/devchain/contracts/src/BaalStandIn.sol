// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

// Moloch v3 (Baal) is not on npm. This is written anew against its public interface: the same functions, events, domains, type
// strings, nonces and order of checks as far as a voter meets them. Ragequit, shamans, loot, offerings and the summoner are left out.

interface ISafeModuleHost {
    function execTransactionFromModule(address to, uint256 value, bytes memory data, uint8 operation) external returns (bool);
}

/// Baal's shares: votes by seconds, each holder its own delegate at first, delegation by signature under a type string of its own.
contract BaalSharesStandIn is ERC20, EIP712, Nonces {
    bytes32 private constant DELEGATION_TYPEHASH = keccak256("Delegation(string name,address delegatee,uint256 nonce,uint256 expiry)");

    struct Checkpoint {
        uint32 fromTimeStamp;
        uint256 votes;
    }

    mapping(address => address) public delegates;
    mapping(address => Checkpoint[]) private _history;

    event DelegateChanged(address indexed delegator, address indexed fromDelegate, address indexed toDelegate);
    event DelegateVotesChanged(address indexed delegate, uint256 previousBalance, uint256 newBalance);

    constructor(string memory name_) ERC20(name_, "SHARE") EIP712("delegation", "4") {}

    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function delegateBySig(address delegatee, uint256 nonce, uint256 expiry, uint8 v, bytes32 r, bytes32 s) external {
        require(block.timestamp <= expiry, "ERC20Votes: signature expired");
        bytes32 message = keccak256(abi.encode(DELEGATION_TYPEHASH, keccak256(abi.encodePacked(name())), delegatee, nonce, expiry));
        address signer = ECDSA.recover(_hashTypedDataV4(message), v, r, s);
        require(nonce == _useNonce(signer), "ERC20Votes: invalid nonce");
        require(balanceOf(signer) > 0, "!shares");
        address before = delegates[signer];
        delegates[signer] = delegatee;
        _move(before, delegatee, balanceOf(signer));
        emit DelegateChanged(signer, before, delegatee);
    }

    function getCurrentVotes(address account) public view returns (uint256) {
        Checkpoint[] storage history = _history[account];
        return history.length == 0 ? 0 : history[history.length - 1].votes;
    }

    function getPriorVotes(address account, uint256 timeStamp) external view returns (uint256) {
        require(timeStamp < block.timestamp, "!determined");
        Checkpoint[] storage history = _history[account];
        for (uint256 i = history.length; i > 0; i--) if (history[i - 1].fromTimeStamp <= timeStamp) return history[i - 1].votes;
        return 0;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (to != address(0) && balanceOf(to) == 0 && _history[to].length == 0 && value > 0) delegates[to] = to;
        super._update(from, to, value);
        _move(delegates[from], delegates[to], value);
    }

    function _move(address from, address to, uint256 amount) private {
        if (from == to || amount == 0) return;
        if (from != address(0)) _write(from, getCurrentVotes(from) - amount);
        if (to != address(0)) _write(to, getCurrentVotes(to) + amount);
    }

    function _write(address account, uint256 votes) private {
        emit DelegateVotesChanged(account, getCurrentVotes(account), votes);
        _history[account].push(Checkpoint(uint32(block.timestamp), votes));
    }
}

/// Baal as a voter meets it; what passes is executed by its Safe, through the Safe's modules, as the original does.
contract BaalStandIn is EIP712 {
    bytes32 private constant VOTE_TYPEHASH =
        keccak256("Vote(string name,address voter,uint256 expiry,uint256 nonce,uint32 proposalId,bool support)");

    enum ProposalState {
        Unborn,
        Submitted,
        Voting,
        Cancelled,
        Grace,
        Ready,
        Processed,
        Defeated
    }

    struct Proposal {
        uint32 id;
        uint32 prevProposalId;
        uint32 votingStarts;
        uint32 votingEnds;
        uint32 graceEnds;
        uint32 expiration;
        uint256 baalGas;
        uint256 yesVotes;
        uint256 noVotes;
        uint256 maxTotalSharesAndLootAtVote;
        bool[4] status;
        address sponsor;
        bytes32 proposalDataHash;
    }

    event SubmitProposal(
        uint256 indexed proposal,
        bytes32 indexed proposalDataHash,
        uint256 votingPeriod,
        bytes proposalData,
        uint256 expiration,
        uint256 baalGas,
        bool selfSponsor,
        uint256 timestamp,
        string details
    );
    event SponsorProposal(address indexed member, uint256 indexed proposal, uint256 indexed votingStarts);
    event SubmitVote(address indexed member, uint256 balance, uint256 indexed proposal, bool indexed approved);
    event ProcessProposal(uint256 indexed proposal, bool passed, bool actionFailed);

    BaalSharesStandIn public immutable sharesToken;
    address public immutable avatar;
    address public immutable multisendLibrary;
    uint32 public immutable votingPeriod;
    uint32 public immutable gracePeriod;
    uint256 public immutable quorumPercent;
    uint32 public proposalCount;
    uint32 public latestSponsoredProposalId;
    mapping(address => mapping(uint32 => bool)) public memberVoted;
    mapping(address => uint256) public votingNonces;
    mapping(uint256 => Proposal) public proposals;

    constructor(BaalSharesStandIn shares_, address avatar_, address multisend_, uint32 voting_, uint32 grace_, uint256 quorum_)
        EIP712("Vote", "4")
    {
        sharesToken = shares_;
        avatar = avatar_;
        multisendLibrary = multisend_;
        votingPeriod = voting_;
        gracePeriod = grace_;
        quorumPercent = quorum_;
    }

    function hashOperation(bytes memory transactions) public pure returns (bytes32) {
        return keccak256(abi.encode(transactions));
    }

    function totalSupply() public view returns (uint256) {
        return sharesToken.totalSupply();
    }

    // Whoever has a share sponsors the own proposal at once, as in the original with a threshold of one.
    function submitProposal(bytes calldata proposalData, uint32 expiration, uint256 baalGas, string calldata details) external returns (uint256) {
        bool selfSponsor = sharesToken.getCurrentVotes(msg.sender) > 0;
        Proposal storage p = proposals[++proposalCount];
        p.id = proposalCount;
        p.expiration = expiration;
        p.baalGas = baalGas;
        p.proposalDataHash = hashOperation(proposalData);
        if (selfSponsor) _sponsor(p);
        emit SubmitProposal(p.id, p.proposalDataHash, votingPeriod, proposalData, expiration, baalGas, selfSponsor, block.timestamp, details);
        return p.id;
    }

    function sponsorProposal(uint32 id) external {
        require(sharesToken.getCurrentVotes(msg.sender) > 0, "!sponsor");
        require(state(id) == ProposalState.Submitted, "!submitted");
        _sponsor(proposals[id]);
        emit SponsorProposal(msg.sender, id, block.timestamp);
    }

    function _sponsor(Proposal storage p) private {
        p.prevProposalId = latestSponsoredProposalId;
        p.votingStarts = uint32(block.timestamp);
        p.votingEnds = p.votingStarts + votingPeriod;
        p.graceEnds = p.votingEnds + gracePeriod;
        p.sponsor = msg.sender;
        latestSponsoredProposalId = p.id;
    }

    function submitVote(uint32 id, bool approved) external {
        _submitVote(msg.sender, id, approved);
    }

    function submitVoteWithSig(address voter, uint256 expiry, uint256 nonce, uint32 id, bool approved, uint8 v, bytes32 r, bytes32 s) external {
        require(block.timestamp <= expiry, "ERC20Votes: signature expired");
        require(nonce == votingNonces[voter], "!nonce");
        bytes32 message = keccak256(
            abi.encode(VOTE_TYPEHASH, keccak256(abi.encodePacked(sharesToken.name())), voter, expiry, nonce, id, approved)
        );
        address signer = ECDSA.recover(_hashTypedDataV4(message), v, r, s);
        require(signer == voter, "invalid signature");
        votingNonces[voter] += 1;
        _submitVote(signer, id, approved);
    }

    function processProposal(uint32 id, bytes calldata proposalData) external {
        Proposal storage p = proposals[id];
        require(p.sponsor != address(0), "!sponsor");
        require(state(id) == ProposalState.Ready, "!ready");
        require(hashOperation(proposalData) == p.proposalDataHash, "incorrect calldata");
        p.status[1] = true;
        bool fails = (p.expiration != 0 && p.expiration < block.timestamp) || p.yesVotes * 100 < quorumPercent * p.maxTotalSharesAndLootAtVote;
        if (p.yesVotes > p.noVotes && !fails) {
            p.status[2] = true;
            p.status[3] = !ISafeModuleHost(avatar).execTransactionFromModule(multisendLibrary, 0, proposalData, 1);
        }
        emit ProcessProposal(id, p.status[2], p.status[3]);
    }

    function getProposalStatus(uint32 id) external view returns (bool[4] memory) {
        return proposals[id].status;
    }

    function state(uint32 id) public view returns (ProposalState) {
        Proposal memory p = proposals[id];
        if (p.id == 0) return ProposalState.Unborn;
        if (p.status[0]) return ProposalState.Cancelled;
        if (p.votingStarts == 0) return ProposalState.Submitted;
        if (block.timestamp <= p.votingEnds) return ProposalState.Voting;
        if (block.timestamp <= p.graceEnds) return ProposalState.Grace;
        if (p.noVotes >= p.yesVotes) return ProposalState.Defeated;
        return p.status[1] ? ProposalState.Processed : ProposalState.Ready;
    }

    function _submitVote(address voter, uint32 id, bool approved) private {
        require(state(id) == ProposalState.Voting, "!voting");
        Proposal storage p = proposals[id];
        uint256 balance = sharesToken.getPriorVotes(voter, p.votingStarts);
        require(balance > 0, "!member");
        require(!memberVoted[voter][id], "voted");
        memberVoted[voter][id] = true;
        uint256 supply = totalSupply();
        if (supply > p.maxTotalSharesAndLootAtVote) p.maxTotalSharesAndLootAtVote = supply;
        if (approved) p.yesVotes += balance;
        else p.noVotes += balance;
        emit SubmitVote(voter, balance, id, approved);
    }
}
