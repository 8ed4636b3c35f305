using System.Runtime.CompilerServices;

namespace HealthGrains.Intake;

/// <summary>The sentence that is being read: the last few words, and what has been counted so far.</summary>
internal struct SentimentSentence
{
    private const float Negation = -0.74f;
    private const float Capitals = 0.733f;
    private const int Reach = 3; // how many words before it may turn or strengthen a word

    private Words _last;
    private float _positive;
    private float _negative;
    private float _weight;
    private bool _asks;

    /// <summary>Takes the next word.</summary>
    public void Add(ulong word, bool inCapitals)
    {
        var entry = SentimentLexicon.Find(word);
        if (_weight == 0)
        {
            _weight = 1;
            _asks = entry.Role == WordRole.Interrogative;
        }
        var next = new Word { Hash = word, Role = entry.Role, Boost = entry.Boost };
        var valence = entry.Valence;
        var length = 1;
        if (entry.EndsPhrase && TryPhrase(word, out var phrase, out length))
        {
            valence = phrase;
            next.Role = WordRole.Plain;
            next.Boost = 0;
            for (var i = 0; i < length - 1; i++)
            {
                Uncount(_last[i].Counted);
                _last[i] = new Word { Hash = _last[i].Hash }; // neither turns nor counts any more: the phrase did
            }
        }
        if (next.Role == WordRole.Contrast)
        {
            _positive *= 0.5f;
            _negative *= 0.5f;
            _weight = 1.5f;
        }
        if (valence != 0)
        {
            next.Counted = _weight * Strengthen(valence, inCapitals, length - 1);
            Count(next.Counted);
        }
        for (var i = Words.Length - 1; i > 0; i--) _last[i] = _last[i - 1];
        _last[0] = next;
    }

    /// <summary>A comma or the like: a negation before it does not reach over it.</summary>
    public void EndClause()
    {
        for (var i = 0; i < Words.Length; i++)
            if (_last[i].Role == WordRole.Negation) _last[i].Role = WordRole.Plain;
    }

    /// <summary>Ends the sentence and gives its sum.</summary>
    public float Close(bool asQuestion)
    {
        var sum = (asQuestion ? _positive * 0.5f : _positive) + (asQuestion && _asks ? _negative * 0.5f : _negative);
        this = default;
        return sum;
    }

    private readonly bool TryPhrase(ulong word, out float valence, out int length)
    {
        length = 3;
        if (_last[1].Hash != 0 && SentimentLexicon.TryPhrase(_last[1].Hash, _last[0].Hash, word, out valence)) return true;
        length = 2;
        if (_last[0].Hash != 0 && SentimentLexicon.TryPhrase(_last[0].Hash, word, out valence)) return true;
        length = 1;
        valence = 0;
        return false;
    }

    // What the words before it make of a word.
    private readonly float Strengthen(float valence, bool inCapitals, int firstBefore)
    {
        var size = Math.Abs(valence);
        if (inCapitals) size += Capitals;
        var turned = false;
        for (var i = 0; i < Reach; i++)
        {
            ref readonly var before = ref _last[firstBefore + i];
            size += before.Boost * (1 - i / 3f);
            turned |= before.Role == WordRole.Negation;
        }
        size = Math.Max(size, 0.1f);
        return Math.Sign(valence) * size * (turned ? Negation : 1);
    }

    private void Count(float amount)
    {
        if (amount > 0) _positive += amount;
        else _negative += amount;
    }

    private void Uncount(float amount)
    {
        if (amount > 0) _positive -= amount;
        else _negative -= amount;
    }

    private struct Word
    {
        public ulong Hash;
        public float Counted;
        public float Boost;
        public WordRole Role;
    }

    [InlineArray(Length)]
    private struct Words
    {
        public const int Length = 5; // a phrase of three, less its last word, and the three that may turn it
        private Word _first;
    }
}
