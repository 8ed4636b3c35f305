using HealthGrains.Accounts;
using HealthGrains.Hosting;

namespace HealthGrains.Embedded;

/// <summary>What commands do to accounts, on the turn thread.</summary>
internal sealed partial class TurnThread
{
    public bool SetProfile(int account, AccountProfile profile, long now)
    {
        if (_book.Find(account) is not { } slot) return false;
        AccountTurns.SetProfile(slot.State, profile, Turn(now));
        slot.ProfileDirty = true;
        return Changed(slot);
    }

    public AlertView? ActOnAlert(int account, AlertAction action, long now)
    {
        if (_book.Find(account) is not { } slot) return null;
        var turn = Turn(now);
        var alert = AccountTurns.Act(slot.State, action.Act, turn);
        Changed(slot);
        return alert;
    }

    public bool ActivateModel(string version, long now)
    {
        var before = _ruling.Model;
        var model = _options.Models.First(model => model.Version == version);
        Rule(_ruling with { Model = model });
        var effects = false;
        var count = 0;
        foreach (var slot in _book.All())
        {
            AccountTurns.ChangeModel(slot.State, before, Turn(now));
            effects |= Changed(slot);
            if (++count % 64 == 0) Answer();
        }

        return effects;
    }

    public void Remove(int account)
    {
        if (_book.Find(account) is not { } slot) return;
        _book.Remove(slot);
        Hub.Forget(slot.Id);
        var owner = slot.State.Profile.Owner;
        Hub.Publish(ChangeType.AccountErased, slot.Id, owner, new ErasedAccount(slot.Id, owner));
        Output.Alerts.RemoveAll(alert => alert.Account == account);
        Output.Closes.RemoveAll(close => close.Account == account);
        Output.Desks.Remove(account);
    }
}
